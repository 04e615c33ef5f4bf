"""Accuracy and cost as curves over the epochs: ``python -m tinynn.views.curve``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tinynn.views.axes import AccuracyAxis, Axis, CostAxis
from tinynn.views.blocks import columns, mark


class Curve:
    """A number after each epoch, as upright bars; the whole width is the whole run.

    ``other`` is the same number of another set of examples, drawn as a line over the bars.
    """

    axis: type[Axis] = CostAxis
    colour = "magenta"
    waiting = "after the first epoch"

    def __init__(self, numbers: Sequence[float], epochs: int, other: Sequence[float] = ()) -> None:
        self.numbers = numbers
        self.epochs = epochs
        self.other = other

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = max(2, options.height or 8)
        if not self.numbers:
            yield Text(self.waiting, "dim")
            return
        axis = self.axis([*self.numbers, *self.other])
        marks = axis.marks(height)
        label = max(map(len, marks.values())) + 1
        width = max(1, options.max_width - label)
        bars, line = (
            [axis.share(each) for each in self._seen(numbers, width)]
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
    """The cost, on a logarithmic axis."""

    waiting = "the cost C, after the first epoch"


class AccuracyCurve(Curve):
    """The share of right answers, from 0 to 1."""

    axis = AccuracyAxis
    colour = "green"
    waiting = "the accuracy, after the first epoch"


if __name__ == "__main__":
    epochs = range(15)
    screen = Console(height=20)
    costs = [1.0 / (1 + epoch) for epoch in epochs]
    screen.print(CostCurve(costs, 20, [0.9 * cost**2 for cost in costs]), height=8)
    shares = [1 - 0.5 * 0.8**epoch for epoch in epochs]
    screen.print(AccuracyCurve(shares, 20, [share**2 for share in shares]), height=8)
