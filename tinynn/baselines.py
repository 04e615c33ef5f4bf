"""The baselines of chapter 1: classifiers without a network, for comparison with networks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

from tinynn.datasets import Examples
from tinynn.errors import DataError, ShapeError, require_kind
from tinynn.linalg import finite_float
from tinynn.randomness import RandomSource, random_source

_DIGITS = 10


def random_guess(
    examples: Examples, seed: Optional[int] = None, rng: Optional[RandomSource] = None
) -> int:
    """Return the number of right answers if every answer is a random digit.

    One in ten is expected to be right.

    >>> from tinynn import load_digits
    >>> random_guess(load_digits().test, seed=0)
    49
    """
    source = random_source(seed, rng)
    _require(examples)
    return sum(int(_DIGITS * source.random()) == label for label in examples.labels)


class AverageDarkness:
    """A classifier that uses only the darkness of an image: a 1 takes less ink than an 8.

    Darkness is the sum of an image's pixels. The classifier learns the average darkness of each
    digit, and answers with the digit whose average is closest. Raises DataError without training
    examples.

    >>> from tinynn.datasets.idx import IdxArray
    >>> images = IdxArray((3, 1, 2), bytes([0, 4, 4, 4, 2, 4]))
    >>> darkness = AverageDarkness(Examples(images, bytes([1, 8, 8]), scale=4))
    >>> darkness.averages, darkness.answer(1.3), darkness.answer(1.5)
    ({1: 1.0, 8: 1.75}, 1, 8)
    """

    def __init__(self, training: Examples) -> None:
        _require(training)
        if not len(training):
            raise DataError("training: expected at least one example, got none")
        totals = dict.fromkeys(range(_DIGITS), 0.0)
        counts = dict.fromkeys(range(_DIGITS), 0)
        for label, darkness in zip(training.labels, darknesses(training)):
            totals[label] += darkness
            counts[label] += 1
        self.image_shape = training.image_shape
        self.averages = {
            digit: totals[digit] / counts[digit] for digit in range(_DIGITS) if counts[digit]
        }

    def answer(self, darkness: float) -> int:
        """Return the digit whose average darkness is closest; in a tie, the smallest."""
        darkness = finite_float(darkness, "darkness")
        averages = self.averages
        return min(averages, key=lambda digit: abs(averages[digit] - darkness))

    def evaluate(self, examples: Examples) -> int:
        """Return the number of right answers.

        Raises ShapeError if the images do not have the size of the training images.
        """
        _require(examples)
        if examples.image_shape != self.image_shape:
            height, width = self.image_shape
            given = f"{examples.image_shape[0]}×{examples.image_shape[1]}"
            raise ShapeError(f"examples: expected images of {height}×{width} pixels, got {given}")
        found = map(self.answer, darknesses(examples))
        return sum(answer == label for answer, label in zip(found, examples.labels))


def darknesses(examples: Examples) -> Iterator[float]:
    """Yield the darkness of each example: the sum of its pixels.

    >>> from tinynn.datasets.idx import IdxArray
    >>> list(darknesses(Examples(IdxArray((2, 1, 2), bytes([0, 4, 2, 4])), bytes(2), scale=4)))
    [1.0, 1.5]
    """
    _require(examples)
    height, width = examples.image_shape
    size, pixels = height * width, examples.pixels
    for start in range(0, len(pixels), size):
        yield sum(bytes(pixels[start : start + size])) / examples.scale


def _require(examples: object) -> None:
    require_kind("examples", examples, Examples, "load_digits().training")
