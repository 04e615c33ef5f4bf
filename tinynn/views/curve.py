"""Accuracy and cost as curves over the epochs: ``python -m tinynn.views.curve``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import ceil, floor, inf, isfinite, log10

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tinynn.views.blocks import columns, mark


class Curve(ABC):
    """A number after each epoch, as upright bars; the whole width is the whole run.

    ``other`` is the same number of another set of examples, drawn as a line over the bars.
    """

    colour = "magenta"
    waiting = "after the first epoch"

    def __init__(self, numbers: Sequence[float], epochs: int, other: Sequence[float] = ()) -> None:
        self.numbers = numbers
        self.epochs = epochs
        self.other = other

    @abstractmethod
    def axis(self, known: Sequence[float], height: int) -> tuple[float, float, dict[int, str]]:
        """Return the ends of the axis, as ``place`` gives them, and the text beside each row."""

    @abstractmethod
    def place(self, number: float) -> float:
        """Return where a number is on the axis."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = max(2, options.height or 8)
        if not self.numbers:
            yield Text(self.waiting, "dim")
            return
        known = [each for each in (*self.numbers, *self.other) if isfinite(each)] or [1.0]
        low, high, marks = self.axis(known, height)
        label = max(map(len, marks.values())) + 1
        width = max(1, options.max_width - label)
        span = (high - low) or 1.0
        bars, line = (
            [(self.place(each) - low) / span for each in self._seen(numbers, width)]
            for numbers in (self.numbers, self.other)
        )
        for row, drawn in enumerate(columns(bars, height)):
            text = Text(drawn.ljust(len(line)), self.colour)
            for column, share in enumerate(line):
                at, drawn_line = mark(share, height)
                if at == row:
                    full = drawn[column : column + 1] == "█"
                    style = f"yellow on {self.colour}" if full else "yellow"
                    text = Text.assemble(text[:column], (drawn_line, style), text[column + 1 :])
            yield Text.assemble((f"{marks.get(row, ''):>{label - 1}} ", "dim"), text)

    def _seen(self, numbers: Sequence[float], width: int) -> list[float]:
        """Return the number of each column that the epochs so far fill."""
        reach = min(width, -(-len(numbers) * width // self.epochs))
        return [numbers[i * self.epochs // width] for i in range(reach)]


class CostCurve(Curve):
    """The cost. The axis is logarithmic, from a power of ten below the least to the largest.

    A cost that is halved loses the same height early and late.
    """

    waiting = "the cost C, after the first epoch"

    def axis(self, known: Sequence[float], height: int) -> tuple[float, float, dict[int, str]]:
        """Return powers of ten, and the largest cost at the top."""
        known = [cost for cost in known if cost > 0.0] or [1.0]
        largest = self._most = max(known)
        self._least = 10.0 ** (ceil(log10(min(known))) - 1)
        marks = {0: f"{largest:.3f}", height - 1: f"{self._least:g}"}
        span = log10(largest / self._least)
        for power in range(-9, 9):  # 0.1 and the like, where there is room between
            row = round(height - height * (log10(10.0**power / self._least)) / span)
            if 0 < row < height - 1:
                marks[row] = f"{10.0**power:g}"
        return log10(self._least), log10(largest), marks

    def place(self, number: float) -> float:
        """Return the logarithm; a cost below the axis is at its foot, an infinite one on top."""
        return log10(max(number, self._least)) if number < inf else log10(self._most)


class AccuracyCurve(Curve):
    """The share of right answers, from 0 to 1.

    The axis begins below the least but for a twentieth of the epochs, so that a slow start leaves
    the end room.
    """

    colour = "green"
    waiting = "the accuracy, after the first epoch"

    def axis(self, known: Sequence[float], height: int) -> tuple[float, float, dict[int, str]]:
        """Return whole tenths around all shares."""
        least = sorted(known)[len(known) // 20]
        low, high = floor(10 * least) / 10, ceil(10 * max(known)) / 10
        if low == high:
            low -= 0.1
        return low, high, {0: f"{100 * high:.0f} %", height - 1: f"{100 * low:.0f} %"}

    def place(self, number: float) -> float:
        """Return the share itself."""
        return number


if __name__ == "__main__":
    epochs = range(15)
    screen = Console(height=20)
    costs = [1.0 / (1 + epoch) for epoch in epochs]
    screen.print(CostCurve(costs, 20, [0.9 * cost**2 for cost in costs]), height=8)
    shares = [1 - 0.5 * 0.8**epoch for epoch in epochs]
    screen.print(AccuracyCurve(shares, 20, [share**2 for share in shares]), height=8)
