"""Single neurons that learn side by side: ``python -m tinynn.views.lab [picture.svg]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tinynn.saturation import BOOK_EPOCHS, BOOK_ETA, BOOK_STARTS, Moment, one_neuron
from tinynn.views.blocks import columns
from tinynn.views.lab_lines import SLOPE, Runs, seen, start_of
from tinynn.views.picture import picture_console, save_picture

SMALLEST = (70, 23)  # columns and lines below which the curves are not worth drawing
_LINES = 2, 4  # of each curve, at least and at most
_LABEL = 10  # columns for the numbers beside a curve
_STEEPEST = 0.25  # σ'(0)


class NeuronLab:
    """Neurons as they are at one epoch: a row for each start, a column for each cost.

    Each has the course of its output a, its cost C and σ'(z) so far, and their numbers now.
    """

    def __init__(self, title: str, starts: Sequence[Runs], epoch: int) -> None:
        self.title = title
        self.starts = starts
        self.epoch = epoch
        self._lines = _LINES[0]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(f"{self.title}; epoch {self.epoch}", "bold")
        table = Table.grid(expand=True)
        for _ in self.starts[0]:
            table.add_column(ratio=1)
        room = (console.height - 2 - 2 * len(self.starts)) // (3 * len(self.starts))
        self._lines = max(_LINES[0], min(_LINES[1], room))
        width = options.max_width // len(self.starts[0]) - _LABEL - 4  # inside a panel
        for runs in self.starts:
            panels = [
                Panel(Group(*self._neuron(moments, width)), title=f"{name}, {start_of(runs)}")
                for name, moments in runs
            ]
            table.add_row(*panels)
        yield table

    def _neuron(self, moments: Sequence[Moment], width: int) -> Iterator[Text]:
        outputs = [each.output for each in moments]
        costs = [each.cost for each in moments]
        slopes = [each.slope for each in moments]
        yield from self._curve("a", outputs, 1.0, width, "green")
        yield from self._curve("C", costs, max(costs), width, "magenta")
        yield from self._curve(SLOPE, slopes, _STEEPEST, width, "cyan")

    def _curve(
        self, name: str, numbers: Sequence[float], largest: float, width: int, style: str
    ) -> Iterator[Text]:
        """Yield upright bars, of which the whole width is the whole run, behind the number now."""
        so_far = seen(numbers, self.epoch, len(numbers) - 1, width)
        label = Text.assemble((f"{name:<2} ", "dim"), (f"{numbers[self.epoch]:.4f} ", "bold"))
        *above, lowest = columns(so_far, self._lines, largest)
        for line in above:
            yield Text.assemble(" " * _LABEL, (line, style))
        label.pad_right(_LABEL - label.cell_len)
        yield Text.assemble(label, (lowest, style))


if __name__ == "__main__":
    screen = picture_console(80, 24)
    learnt: list[Runs] = [
        [(name, list(one_neuron(*start, name))) for name in ("quadratic", "cross-entropy")]
        for start in BOOK_STARTS
    ]
    screen.print(NeuronLab(f"one neuron, η = {BOOK_ETA:g}", learnt, BOOK_EPOCHS))
    save_picture(screen, "tinynn lab neuron")
