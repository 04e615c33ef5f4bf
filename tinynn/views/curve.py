"""The cost as a curve over the epochs: ``python -m tinynn.views.curve``."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf, log10

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tinynn.views.blocks import columns


class CostCurve:
    """The cost after each epoch, as upright bars; the whole width is the whole run.

    The axis is logarithmic, from a power of ten below the least cost to the largest: a cost that
    is halved loses the same height early and late.
    """

    def __init__(self, costs: Sequence[float], epochs: int) -> None:
        self.costs = costs
        self.epochs = epochs

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = max(2, options.height or 8)
        if not self.costs:
            yield Text("the cost C, after the first epoch", "dim")
            return
        known = [cost for cost in self.costs if 0.0 < cost < inf] or [1.0]
        largest = max(known)
        least = 10.0 ** (ceil(log10(min(known))) - 1)
        marks = {0: f"{largest:.3f}", height - 1: f"{least:g}"}
        span = log10(largest / least)
        for power in range(-9, 9):  # 0.1 and the like, where there is room between
            row = round(height - height * (log10(10.0**power / least)) / span)
            if 0 < row < height - 1:
                marks[row] = f"{10.0**power:g}"
        label = max(map(len, marks.values())) + 1
        width = max(1, options.max_width - label)
        seen = [self.costs[i * self.epochs // width] for i in range(self._reach(width))]
        heights = [log10(max(cost, least) / least) if cost < inf else span for cost in seen]
        for row, line in enumerate(columns(heights, height, span)):
            yield Text.assemble((f"{marks.get(row, ''):>{label - 1}} ", "dim"), (line, "magenta"))

    def _reach(self, width: int) -> int:
        """Return how many columns the epochs so far fill."""
        return min(width, -(-len(self.costs) * width // self.epochs))


if __name__ == "__main__":
    curve = CostCurve([1.0 / (1 + epoch) for epoch in range(15)], 20)
    Console(height=10).print(curve, height=8)
