"""How fast the layers of networks learn: ``python -m tinynn.views.vanishing [picture.svg]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tinynn.datasets import load_digits
from tinynn.network import Network
from tinynn.vanishing import learning_speeds
from tinynn.views.picture import picture_console, save_picture
from tinynn.views.vanishing_lines import (
    BAND,
    Cell,
    Learnt,
    axis,
    beside,
    curves,
    spread,
    spread_bar,
    step_of,
)

SMALLEST = 70, 22  # columns and lines below which the curves are not worth drawing
_COLOURS = "cyan", "green", "yellow", "magenta", "blue", "red"
_MARK, _FEWEST, _MOST = 7, 3, 24  # columns beside the curves; their lines, at least and at most


def _colour(layer: int) -> str:
    return _COLOURS[layer % len(_COLOURS)]


class VanishingLab:
    """Networks that learn, a panel each: a bar for each layer, at first and now, and the curves.

    All panels have one logarithmic axis.
    """

    def __init__(self, title: str, networks: Sequence[Learnt]) -> None:
        self.title = title
        self.networks = networks

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, "bold", no_wrap=True, overflow="ellipsis")
        ends = axis(self.networks)
        across = 1 if len(self.networks) == 1 else 2
        down = -(-len(self.networks) // across)
        width = options.max_width // across - 2
        room = (console.height - 2) // down - 2
        table = Table.grid(expand=True)
        for _ in range(across):
            table.add_column(ratio=1)
        panels = [self._panel(learnt, width, room, ends) for learnt in self.networks]
        for first in range(0, len(panels), across):
            table.add_row(*panels[first : first + across])
        yield table

    def _panel(self, learnt: Learnt, width: int, room: int, ends: tuple[int, int]) -> Panel:
        if learnt.now < 0:
            return Panel("", title=learnt.name)
        bars = list(self._bars(learnt, width))[: room - _FEWEST]
        height = max(_FEWEST, min(_MOST, room - len(bars)))
        lines = [*bars, *self._curves(learnt, width, height, ends)]
        right = f"{learnt.layers % 10}: outputs"
        if learnt.right:
            right += f"; {sum(learnt.right) / len(learnt.right):.0f} right"
        return Panel(Group(*lines), title=learnt.name, subtitle=right, padding=0)

    def _bars(self, learnt: Learnt, width: int) -> Iterator[Text]:
        """Yield a line for each layer: the number and bar of the first step, and those of now."""
        moments = 0, learnt.now
        half = width // 2
        heads = (f" before step {step_of(learnt, moment) + 1:,}" for moment in moments)
        yield Text("".join(head.ljust(half) for head in heads), "dim", no_wrap=True)
        layers = range(2, learnt.layers + 1)
        found = [{l: spread(learnt, l, m) for l in layers} for m in moments]
        largest = [max(each.most for each in of.values()) for of in found]
        for l in layers:
            text = Text(no_wrap=True)
            for of, most in zip(found, largest):
                number = f"{l % 10} {of[l].middle:<9.3g}"
                text.append(number, "bold")
                text.append(spread_bar(of[l], half - len(number) - 1, most) + " ", _colour(l))
            yield text

    def _curves(
        self, learnt: Learnt, width: int, height: int, ends: tuple[int, int]
    ) -> Iterator[Text]:
        drawn = curves(learnt, max(1, width - _MARK), height, ends)
        for mark, cells in zip(beside(height, ends), drawn):
            text = Text(f"{mark:>{_MARK - 1}} ", "dim", no_wrap=True)
            for style, run in groupby(map(_styled, cells), key=itemgetter(1)):
                text.append("".join(character for character, _ in run), style)
            yield text


def _styled(cell: Cell) -> tuple[str, str]:
    character, layer = cell
    style = _colour(layer) if layer else ""
    return character, f"dim {style}" if character == BAND else style


if __name__ == "__main__":
    screen = picture_console(80, 24)
    examples = load_digits().training[:20]
    courses = [
        [*learning_speeds(Network([64, 9, 9, 10], seed=seed, init="scaled"), examples, 50, 3.0)]
        for seed in (0, 1)
    ]
    learnt = Learnt("64-9-9-10, first weights N(0, 1/√n_in)", 4, 50, len(examples), courses, [])
    screen.print(VanishingLab("how fast each layer learns: ‖mean of δ^l‖", [learnt]))
    save_picture(screen, "tinynn lab vanishing")
