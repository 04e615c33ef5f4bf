"""Weights as signed pictures: ``python -m tinynn.views.weights [picture.svg]``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.model import Model
from tinynn.network import Network
from tinynn.views.digit import is_coloured
from tinynn.views.expanded import halved
from tinynn.views.map_lines import Grid, field_names, strongest_of, weight_fields, weights_title
from tinynn.views.maps import GAP, Field, in_grid
from tinynn.views.picture import picture_console, save_picture
from tinynn.views.votes import Captioned
from tinynn.views.weight_lines import Neuron, inspected

_SMALL = 12  # weights for an image of up to this many columns are not halved
_LEGEND = "; light +, dark −"


class Weights:
    """The weights of a layer as pictures, each with its name: as large as fits, or as many.

    Without a ``height`` all are drawn; ``first`` is the first of them, from 1.
    """

    def __init__(
        self, network: Model, l: int, height: Optional[int] = None, first: int = 1
    ) -> None:
        self.title = weights_title(network, l)
        self.names = field_names(network, l)
        self.grids = weight_fields(network, l)
        self.height = height
        self.first = first

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.max_width
        start, count = self.first - 1, len(self.grids)
        fields = ways_of(self.grids, is_coloured(console))[0]
        across, end = _across(fields, room, self.names), count
        if self.height is not None:
            for fields in ways_of(self.grids, is_coloured(console)):
                across = _across(fields, room, self.names)
                fit = across * max(1, (self.height - 2) // (1 + fields[0].lines(room)))
                end = min(count, start + fit)
                if end - start == count:
                    break
        legend = _LEGEND if is_coloured(console) else ""
        yield Text.assemble((self.title, "bold"), (legend, "dim"))
        some = slice(start, end)
        names = [Text(name, "dim") for name in self.names[some]]
        yield in_grid(names, fields[some], min(fields[0].width, room), room)
        if end - start < count:
            on = f"--first {end + 1} goes on, " if end < count else ""
            yield Text(f"{start + 1} to {end} of {count}; {on}--plain shows all", "dim")


def ways_of(
    grids: Sequence[Grid], coloured: bool, scales: Sequence[int] = (1,)
) -> list[list[Field]]:
    """Return the pictures in each way in which they can be drawn, the largest first."""
    strongest = strongest_of(grids)
    compact = coloured and len(grids[0]) > 1
    ways = [[Field(each, strongest, scale=scale) for each in grids] for scale in scales]
    if compact:
        ways.append([Field(each, strongest, True) for each in grids])
    if len(grids[0]) > _SMALL:
        small = [halved(each) for each in grids]
        ways.append([Field(each, strongest_of(small), compact) for each in small])
    return ways


def _across(fields: Sequence[Field], room: int, names: Sequence[str]) -> int:
    wide = max(min(fields[0].width, room), *map(len, names), 1)
    return max(1, (room + GAP) // (wide + GAP))


class NeuronPage:
    """One neuron's weights, as large as a screen allows, beside the digits that excite it."""

    def __init__(self, neuron: Neuron, height: Optional[int] = None) -> None:
        self.neuron = neuron
        self.height = height or 24

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        neuron, width, height = self.neuron, options.max_width, self.height - 2
        coloured = is_coloured(console)
        for fields in ways_of(neuron.fields, coloured, (2, 1)):
            room = max(1, width // 2)
            across = _across(fields, room, neuron.names)
            lines = (1 + fields[0].lines(room)) * -(-len(fields) // across)
            if fields[0].width <= room and lines <= height:
                break
        wide = min(fields[0].width, room)
        taken = min(across, len(fields)) * (max(wide, *map(len, neuron.names), 1) + GAP)
        names = [Text(name, "dim") for name in neuron.names]
        left = in_grid(names, fields, wide, room)
        right: list[RenderableType] = []
        beside = width - taken - 1
        for said, digits in neuron.kinds(len(neuron.by_z) // 2 or 1):
            images, captions = [each.x for each in digits], [each.caption for each in digits]
            most = max(1, beside // 9)
            shown = images[:most], captions[:most]
            each = Captioned(*shown, neuron.shape, beside, height // 2 - 1, cut=True)
            right += [Text(said, "bold"), each]
        yield Text.assemble((neuron.title, "bold"), (_LEGEND if coloured else "", "dim"))
        table = Table.grid(padding=(0, GAP, 0, 0))
        table.add_row(left, Group(*right))
        yield table


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    digits = load_digits()
    learnt = Network([64, 30, 10], seed=0)
    learnt.train(digits.training[:500], 2, 10, 3.0, seed=0).finish()
    screen = picture_console(80, 48)
    screen.print(Weights(learnt, 2, 24))
    screen.print(NeuronPage(inspected(learnt, digits.test[:100], 2, 7), 24))
    save_picture(screen, "tinynn inspect weights")
