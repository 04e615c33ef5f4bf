"""Feature maps and fields of weights as pictures: ``python -m tinynn.views.maps``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.color import Color
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from tinynn.layers.descriptions import Shape
from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.views.digit import Digit, is_coloured
from tinynn.views.map_lines import (
    Grid,
    in_greys,
    maps_title,
    signed,
    strongest_of,
    weight_fields,
)

GAP = 2
_BELOW, _ZERO, _ABOVE = (0, 10, 90), 96, (255, 235, 130)


class FeatureMaps:
    """Every map of a layer, as many beside each other as fit: from black, the smallest, to white.

    Map ``chosen``, from 1, has its name lit.
    """

    def __init__(self, l: int, numbers: Sequence[float], shape: Shape, chosen: int = 0) -> None:
        self.title = maps_title(l, numbers, shape)
        self.names = [f"map {f}" for f in range(1, shape[0] + 1)]
        flat = [Vector([v for row in grid for v in row]) for grid in in_greys(numbers, shape)]
        self.pictures = [Digit(each, (shape[1], shape[2]), shape[2] > 12) for each in flat]
        self.chosen = chosen

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, "bold")
        names = [
            Text(name, "bold reverse" if f == self.chosen else "dim")
            for f, name in enumerate(self.names, start=1)
        ]
        yield in_grid(names, self.pictures, self.pictures[0].width, options.max_width)


class Field:
    """Weights as a picture: the lighter the further above 0, the darker the further below.

    A weight takes two characters, with its sign, and ``scale`` times as many each way; half a
    line where it is ``compact``. Without colour, a sign and a shade each.
    """

    def __init__(self, grid: Grid, strongest: float, compact: bool = False, scale: int = 1) -> None:
        self.rows = [[w / strongest for w in row for _ in range(scale)] for row in grid]
        self.rows = [row for row in self.rows for _ in range(scale)]
        self.compact = compact

    @property
    def width(self) -> int:
        """The number of columns on the screen."""
        return len(self.rows[0]) * (1 if self.compact else 2)

    def lines(self, room: int) -> int:
        """Return the number of lines on a screen of this width, where a wide row is folded."""
        if self.compact:
            return -(-len(self.rows) // 2)
        return len(self.rows) * -(-len(self.rows[0]) // max(1, room // 2))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        coloured = is_coloured(console)
        if self.compact:
            for top, below in zip_longest(self.rows[::2], self.rows[1::2]):
                for i, share in enumerate(top):
                    bgcolor = _signed_colour(below[i]) if below else None
                    yield Segment("▀", Style(color=_signed_colour(share), bgcolor=bgcolor))
                yield Segment.line()
            return
        room = max(1, options.max_width // 2)
        for row in self.rows:
            for i, share in enumerate(row):
                if i and i % room == 0:
                    yield Segment.line()
                if coloured:
                    ink = Color.parse("black" if share > 0.0 else "white")
                    style = Style(color=ink, bgcolor=_signed_colour(share), dim=True)
                    yield Segment(f"{signed(share)[0]} ", style)
                else:
                    yield Segment(signed(share))
            yield Segment.line()


def in_grid(
    names: Sequence[Text], pictures: Sequence[RenderableType], wide: int, room: int
) -> Table:
    """Return pictures with a name above each, as many beside each other as fit."""
    wide = max(wide, *(len(name.plain) for name in names))
    across = max(1, (room + GAP) // (wide + GAP))
    table = Table.grid(padding=(0, GAP, 0, 0))
    for _ in range(min(across, len(names))):
        table.add_column(width=wide)
    each = [Group(name, picture) for name, picture in zip(names, pictures)]
    for first in range(0, len(each), across):
        table.add_row(*each[first : first + across])
    return table


def _signed_colour(share: float) -> Color:
    """Return grey for 0, a light yellow for 1, a dark blue for -1: also told apart without hue."""
    end = _BELOW if share < 0.0 else _ABOVE
    mixed = [round(_ZERO + min(1.0, abs(share)) * (level - _ZERO)) for level in end]
    return Color.from_rgb(*mixed)


if __name__ == "__main__":
    from tinynn import Convolution, load_digits

    network = Network([(1, 8, 8), Convolution(4, 3), 10], seed=0)
    passed = network.forward(load_digits().test[0][0])
    fields = weight_fields(network, 2)
    Console().print(FeatureMaps(2, passed[2].a.entries, (4, 6, 6)))
    Console().print(*(Field(each, strongest_of(fields)) for each in fields))
