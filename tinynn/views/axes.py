"""Vertical axes for a cost or an accuracy: the place of a number, and the text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, isfinite, log10


class Axis:
    """An axis from its foot, 0, to its top, 1; each of ``ticks`` is a place on it and its text."""

    title = ""

    def __init__(self, numbers: Sequence[float]) -> None:
        self.ticks = self._ticks([each for each in numbers if isfinite(each)] or [1.0])

    def _ticks(self, known: Sequence[float]) -> list[tuple[float, str]]:
        """Set the ends of the axis, and return its ticks from the foot to the top."""
        raise NotImplementedError

    def share(self, number: float) -> float:
        """Return the place of a number: 0 at the foot of the axis, 1 at its top."""
        raise NotImplementedError

    def marks(self, height: int) -> dict[int, str]:
        """Return the text beside each of ``height`` rows that has one, by row from the top."""
        marks = {0: self.ticks[-1][1], height - 1: self.ticks[0][1]}
        for share, text in self.ticks[1:-1]:
            row = round(height - height * share)
            if 0 < row < height - 1:
                marks[row] = text
        return marks


class CostAxis(Axis):
    """The cost, logarithmic, from a power of ten below the least to the largest.

    A cost that is halved loses the same height early and late.

    >>> axis = CostAxis([0.5, 0.02])
    >>> [text for _, text in axis.ticks], axis.share(0.5), axis.share(0.0)
    (['0.01', '0.1', '0.500'], 1.0, 0.0)
    """

    title = "cost, on a logarithmic axis"

    def _ticks(self, known: Sequence[float]) -> list[tuple[float, str]]:
        known = [cost for cost in known if cost > 0.0] or [1.0]
        self._most = max(known)
        self._least = 10.0 ** (ceil(log10(min(known))) - 1)
        powers = [10.0**power for power in range(-9, 9)]
        between = [each for each in powers if self._least < each < self._most]
        ticks = [(0.0, f"{self._least:g}"), *((self.share(p), f"{p:g}") for p in between)]
        return [*ticks, (1.0, f"{self._most:.3f}")]

    def share(self, number: float) -> float:
        """Return the place of a cost: 0 if it is below the axis, 1 if it is infinite."""
        shown = max(number, self._least) if number < inf else self._most
        return log10(shown / self._least) / (log10(self._most / self._least) or 1.0)


class AccuracyAxis(Axis):
    """The share of right answers, between whole tenths.

    It leaves out the lowest twentieth of the epochs, so that a slow start leaves room for the end.

    >>> axis = AccuracyAxis([0.72, 0.95])
    >>> [text for _, text in axis.ticks], round(axis.share(0.85), 3)
    (['70 %', '80 %', '90 %', '100 %'], 0.5)
    """

    title = "accuracy, the share of right answers"

    def _ticks(self, known: Sequence[float]) -> list[tuple[float, str]]:
        least = sorted(known)[len(known) // 20]
        low, high = floor(10 * least), ceil(10 * max(known))
        low -= low == high
        self._low, self._span = low / 10, (high - low) / 10
        tenths = range(low, high + 1)
        return [((each - low) / (high - low), f"{10 * each} %") for each in tenths]

    def share(self, number: float) -> float:
        """Return the place of an accuracy: 0 at the foot, 1 at the top, negative below the foot."""
        return (number - self._low) / self._span


class Between(Axis):
    """An axis from one number to another."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._span = low, (high - low) or 1.0
        self.ticks = [(0.0, f"{low:9.4g}"), (1.0, f"{high:9.4g}")]

    def share(self, number: float) -> float:
        """Return the place of a number between the ends: 0 at the first, 1 at the second."""
        return (number - self._low) / self._span
