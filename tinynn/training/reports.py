"""What training and measuring report, as plain records."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Optional

OnScored = Callable[[int], object]  # is called with how many examples are measured


class Score(NamedTuple):
    """How a network does on a set of examples: right answers, examples, cost (6).

    Where a λ is given, its penalty is part of the cost: (87) or (95).
    """

    correct: int
    total: int
    cost: float


class EpochReport(NamedTuple):
    """What one epoch of training did.

    ``number`` counts from 0, as the book's lines do. ``correct``, ``total`` and ``cost`` (6) are
    measured on the test data after the epoch, and None without test data; a penalty is part of
    the cost, its λ divided by the size of the training set. ``seconds`` and
    ``examples_per_second`` are of the training alone.
    """

    number: int
    correct: Optional[int]
    total: Optional[int]
    cost: Optional[float]
    seconds: float
    examples_per_second: float

    def __str__(self) -> str:
        """Return the book's line for this epoch."""
        if self.correct is None:
            return f"Epoch {self.number} complete"
        return f"Epoch {self.number}: {self.correct} / {self.total}"


class Progress(NamedTuple):
    """How far an epoch has come, after a mini-batch: told to ``on_mini_batch``."""

    epoch: int
    examples: int
    of: int


class Answers(NamedTuple):
    """What a network answers to a set of examples.

    ``confusion[right][said]`` counts them; ``largest[j]`` is the largest activation that output
    neuron j reached.
    """

    confusion: list[list[int]]
    largest: list[float]

    def never_given(self) -> list[int]:
        """Return the answers that were right for some example and given to none.

        >>> Answers([[5, 0], [3, 0]], [0.9, 0.2]).never_given()
        [1]
        """
        given = [sum(column) for column in zip(*self.confusion)]
        return [said for said, row in enumerate(self.confusion) if sum(row) and not given[said]]
