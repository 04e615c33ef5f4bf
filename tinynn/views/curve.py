"""Accuracy and cost as curves over the epochs: ``python -m tinynn.views.curve``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import isfinite

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tinynn.views.axes import AccuracyAxis, Axis, CostAxis
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


class _OnAxis(Curve):
    """A curve on an axis that other views share."""

    kind: type[Axis]

    def axis(self, known: Sequence[float], height: int) -> tuple[float, float, dict[int, str]]:
        """Return the ends of the axis, and its marks."""
        self._axis = self.kind(known)
        return 0.0, 1.0, self._axis.marks(height)

    def place(self, number: float) -> float:
        """Return how far up the axis a number is."""
        return self._axis.share(number)


class CostCurve(_OnAxis):
    """The cost, on a logarithmic axis."""

    kind = CostAxis
    waiting = "the cost C, after the first epoch"


class AccuracyCurve(_OnAxis):
    """The share of right answers, from 0 to 1."""

    kind = AccuracyAxis
    colour = "green"
    waiting = "the accuracy, after the first epoch"


if __name__ == "__main__":
    epochs = range(15)
    screen = Console(height=20)
    costs = [1.0 / (1 + epoch) for epoch in epochs]
    screen.print(CostCurve(costs, 20, [0.9 * cost**2 for cost in costs]), height=8)
    shares = [1 - 0.5 * 0.8**epoch for epoch in epochs]
    screen.print(AccuracyCurve(shares, 20, [share**2 for share in shares]), height=8)
