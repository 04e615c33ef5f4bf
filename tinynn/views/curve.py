"""Accuracy and cost as curves over the epochs: ``python -m tinynn.views.curve``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tinynn.views.axes import AccuracyAxis, Axis, CostAxis
from tinynn.views.blocks import columns, mark
from tinynn.views.lines import Line, Stack

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


@dataclass
class Curve:
    """A number after each epoch, as upright bars; the whole width is the whole run.

    ``other`` is the same number of another set of examples, drawn as a line over the bars.
    ``axis_of`` returns the axis on which all of them have a place.
    """

    axis_of: Callable[[Sequence[float]], Axis]
    colour: str
    waiting: str
    numbers: Sequence[float]
    epochs: int
    other: Sequence[float] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Stack(*self.lines(options.max_width, max(2, options.height or 8)))

    def lines(self, width: int, height: int) -> Iterator[Line]:
        """Yield the rows of the chart: the axis numbers, then the bars with a line over them."""
        if not self.numbers:
            yield [(self.waiting, "dim")]
            return
        axis = self.axis_of([*self.numbers, *self.other])
        marks = axis.marks(height)
        label = max(map(len, marks.values())) + 1
        bars, line = (
            [axis.share(each) for each in self._seen(numbers, max(1, width - label))]
            for numbers in (self.numbers, self.other)
        )
        for row, drawn in enumerate(columns(bars, height)):
            cells = [(each, self.colour) for each in drawn.ljust(len(line))]
            for column, share in enumerate(line):
                at, dash = mark(share, height)
                if at == row:
                    full = cells[column][0] == "█"
                    cells[column] = (dash, f"yellow on {self.colour}" if full else "yellow")
            yield [(f"{marks.get(row, ''):>{label - 1}} ", "dim"), *cells]

    def _seen(self, numbers: Sequence[float], width: int) -> list[float]:
        """Return the number of each column that the epochs so far fill."""
        reach = min(width, -(-len(numbers) * width // self.epochs))
        return [numbers[i * self.epochs // width] for i in range(reach)]


CostCurve = partial(Curve, CostAxis, "magenta", "the cost C, after the first epoch")
AccuracyCurve = partial(Curve, AccuracyAxis, "green", "the accuracy, after the first epoch")


if __name__ == "__main__":
    from rich.console import Console

    epochs = range(15)
    screen = Console(height=20)
    costs = [1.0 / (1 + epoch) for epoch in epochs]
    screen.print(CostCurve(costs, 20, [0.9 * cost**2 for cost in costs]), height=8)
    shares = [1 - 0.5 * 0.8**epoch for epoch in epochs]
    screen.print(AccuracyCurve(shares, 20, [share**2 for share in shares]), height=8)
