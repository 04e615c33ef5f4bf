"""The cost as a curve over the epochs: ``python -m tinynn.views.curve``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from tinynn.views.blocks import columns


class CostCurve:
    """The cost after each epoch, as upright bars from 0; the whole width is the whole run."""

    def __init__(self, costs: Sequence[float], epochs: int) -> None:
        self.costs = costs
        self.epochs = epochs

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = max(2, options.height or 8)
        if not self.costs:
            yield Text("the cost C, after the first epoch", "dim")
            return
        largest = max(self.costs)
        label = len(f"{largest:.3f}") + 1
        width = max(1, options.max_width - label)
        seen = [self.costs[i * self.epochs // width] for i in range(self._reach(width))]
        for row, line in enumerate(columns(seen, height, largest)):
            mark = f"{largest:.3f}" if row == 0 else "0" if row == height - 1 else ""
            yield Text.assemble((f"{mark:>{label - 1}} ", "dim"), (line, "magenta"))

    def _reach(self, width: int) -> int:
        """Return how many columns the epochs so far fill."""
        return min(width, -(-len(self.costs) * width // self.epochs))


if __name__ == "__main__":
    curve = CostCurve([1.0 / (1 + epoch) for epoch in range(15)], 20)
    Console(height=10).print(curve, height=8)
