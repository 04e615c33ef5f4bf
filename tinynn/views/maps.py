"""Feature maps and fields of weights as pictures: ``python -m tinynn.views.maps``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import Color
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from tinynn.layers.descriptions import Shape
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.network import Network
from tinynn.views.digit import Digit
from tinynn.views.map_lines import (
    Grid,
    field_names,
    in_greys,
    maps_title,
    signed,
    strongest_of,
    weight_fields,
    weights_title,
)

_GAP = 2


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
        yield _grid(names, self.pictures, self.pictures[0].width, options.max_width)


class Field:
    """Weights as a picture: green above 0 and red below, the brighter the larger.

    Without colour, a sign and a shade each.
    """

    def __init__(self, grid: Grid, strongest: float) -> None:
        self.rows = [[w / strongest for w in row] for row in grid]

    @property
    def width(self) -> int:
        """The number of columns on the screen."""
        return 2 * len(self.rows[0])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        coloured = console.color_system is not None and not console.no_color
        room = max(1, options.max_width // 2)
        for row in self.rows:
            for i, share in enumerate(row):
                if i and i % room == 0:
                    yield Segment.line()
                if coloured:
                    yield Segment("  ", Style(bgcolor=_signed_colour(share)))
                else:
                    yield Segment(signed(share))
            yield Segment.line()


class Weights:
    """The weights of a layer as pictures, each with its name."""

    def __init__(self, network: Model, l: int) -> None:
        grids = weight_fields(network, l)
        self.title = weights_title(network, l)
        self.names = [Text(name, "dim") for name in field_names(network, l)]
        self.pictures = [Field(grid, strongest_of(grids)) for grid in grids]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, "bold")
        wide = min(self.pictures[0].width, options.max_width)
        yield _grid(self.names, self.pictures, wide, options.max_width)


def _grid(names: Sequence[Text], pictures: Sequence[RenderableType], wide: int, room: int) -> Table:
    wide = max(wide, *(len(name.plain) for name in names))
    across = max(1, (room + _GAP) // (wide + _GAP))
    table = Table.grid(padding=(0, _GAP, 0, 0))
    for _ in range(min(across, len(names))):
        table.add_column(width=wide)
    each = [Group(name, picture) for name, picture in zip(names, pictures)]
    for first in range(0, len(each), across):
        table.add_row(*each[first : first + across])
    return table


def _signed_colour(share: float) -> Color:
    level = round(20 + 200 * min(1.0, abs(share)))
    return Color.from_rgb(level, 20, 40) if share < 0.0 else Color.from_rgb(20, level, 60)


if __name__ == "__main__":
    from tinynn import Convolution, load_digits

    network = Network([(1, 8, 8), Convolution(4, 3), 10], seed=0)
    passed = network.forward(load_digits().test[0][0])
    Console().print(FeatureMaps(2, passed[2].a.entries, (4, 6, 6)), Weights(network, 2))
