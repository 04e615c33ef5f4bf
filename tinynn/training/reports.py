"""The reports of training and measuring, as plain records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Optional

from tinynn.notebook import table

OnScored = Callable[[int], object]  # called with the number of examples measured so far


class Score(NamedTuple):
    """A network's score on a set of examples: right answers, examples, cost (6).

    With λ the cost includes the penalty: (87) or (95).
    """

    correct: int
    total: int
    cost: float

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return self.correct / self.total


class EpochReport(NamedTuple):
    """The report of one epoch of training.

    ``number`` counts from 0, as in the book's output. ``correct``, ``total`` and ``cost`` (6) are
    measured on the test data after the epoch, and are None without test data. The cost includes
    the penalty, with λ divided by the size of the training set. ``seconds`` and
    ``examples_per_second`` cover the training only. ``training`` and ``validation`` are the
    scores on those sets, or None if they are not measured. ``eta`` is η, the learning rate of
    this epoch.

    >>> report = EpochReport(3, 90, 100, 0.5, 1.0, 1000.0, validation=Score(47, 50, 0.4))
    >>> print(report)
    Epoch 3: 90 / 100
    >>> report.scores["test"].accuracy, report.chosen_by
    (0.9, 'validation')
    """

    number: int
    correct: Optional[int]
    total: Optional[int]
    cost: Optional[float]
    seconds: float
    examples_per_second: float
    training: Optional[Score] = None
    validation: Optional[Score] = None
    eta: Optional[float] = None

    @property
    def test(self) -> Optional[Score]:
        """The score on the test data."""
        if self.correct is None or self.total is None or self.cost is None:
            return None
        return Score(self.correct, self.total, self.cost)

    @property
    def scores(self) -> dict[str, Score]:
        """The scores by the name of the set: training, validation, test."""
        each = {"training": self.training, "validation": self.validation, "test": self.test}
        return {name: score for name, score in each.items() if score is not None}

    @property
    def chosen_by(self) -> str:
        """The set that decides the best epoch: "validation", else "test", else ""."""
        return next((name for name in ("validation", "test") if name in self.scores), "")

    def __str__(self) -> str:
        """Return the book's line for this epoch."""
        if self.correct is None:
            return f"Epoch {self.number} complete"
        return f"Epoch {self.number}: {self.correct} / {self.total}"

    def _repr_html_(self) -> str:
        return reports_table([self])


def reports_table(reports: Sequence[EpochReport]) -> str:
    """Return reports as HTML: a row an epoch, with what was measured on each set."""
    sets = list(dict.fromkeys(name for report in reports for name in report.scores))
    rows = []
    for report in reports:
        row: list[object] = [report.number]
        for name in sets:
            score = report.scores.get(name)
            right = f"{score.correct:,} of {score.total:,}, {score.accuracy:.2%}" if score else ""
            row += [right, float(score.cost) if score else ""]
        rows.append([*row, "" if report.eta is None else float(report.eta), report.seconds])
    measured = [part for name in sets for part in (f"{name} right", f"{name} cost")]
    return table(rows, ["epoch", *measured, "η", "seconds"])


def best_epoch(reports: Sequence[EpochReport]) -> Optional[EpochReport]:
    """Return the first epoch with the most right answers on the validation data.

    Without validation scores, the test data decides. Return None if nothing was measured.

    >>> reports = [EpochReport(i, right, 9, 0.5, 1.0, 9.0) for i, right in enumerate([5, 8, 8, 7])]
    >>> best_epoch(reports).number
    1
    """
    measured = [report for report in reports if report.chosen_by]
    return max(measured, key=lambda each: each.scores[each.chosen_by].correct, default=None)


class Progress(NamedTuple):
    """The progress of an epoch after a mini-batch, passed to ``on_mini_batch``."""

    epoch: int
    examples: int
    of: int


class Answers(NamedTuple):
    """A network's answers to a set of examples.

    ``confusion[right][said]`` counts the examples with this right answer and this answer of the
    network. ``largest[j]`` is the largest activation of output neuron j.
    """

    confusion: list[list[int]]
    largest: list[float]

    def never_given(self) -> list[int]:
        """Return the answers that are right for some example but never given.

        >>> Answers([[5, 0], [3, 0]], [0.9, 0.2]).never_given()
        [1]
        """
        given = [sum(column) for column in zip(*self.confusion)]
        return [said for said, row in enumerate(self.confusion) if sum(row) and not given[said]]
