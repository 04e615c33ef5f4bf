"""Feature maps and fields of weights as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynn.equations.maps import in_fields, in_maps
from tinynn.layers.descriptions import Convolution, Shape
from tinynn.model import Model
from tinynn.views.blocks import shade

_WIDTH = 80
Grid = list[list[float]]  # numbers from 0 to 1, or weights


def maps_title(l: int, numbers: Sequence[float], shape: Shape) -> str:
    """Return what is said of a layer of maps: ``layer 2: 4 maps of 6×6, from 0.12 to 0.93``."""
    maps, rows, columns = shape
    count = f"{maps} maps" if maps > 1 else "1 map"
    return f"layer {l}: {count} of {rows}×{columns}, from {min(numbers):.2f} to {max(numbers):.2f}"


def in_greys(numbers: Sequence[float], shape: Shape) -> list[Grid]:
    """Return the maps of a layer from 0 to 1: black is its smallest number, white its largest.

    >>> in_greys([-1.0, 0.0, 1.0, 3.0], (2, 1, 2))
    [[[0.0, 0.25]], [[0.5, 1.0]]]
    """
    maps, rows, columns = shape
    least = min(numbers)
    spread = (max(numbers) - least) or 1.0
    return in_maps([(number - least) / spread for number in numbers], maps, rows, columns)


def map_lines(numbers: Sequence[float], shape: Shape) -> Iterator[str]:
    """Yield every map of a layer, side by side, each pixel two shaded characters wide.

    >>> for line in map_lines([0.0, 1.0, 1.0, 0.5], (2, 1, 2)): print(line.rstrip())
    map 1  map 2
      ██   ██▒▒
    """
    maps, rows, columns = shape
    yield from named_maps([f"map {f}" for f in range(1, maps + 1)], numbers, (rows, columns))


def named_maps(
    names: Sequence[str], numbers: Sequence[float], shape: tuple[int, int]
) -> Iterator[str]:
    """Yield a picture for each name, side by side, in the same greys."""
    grids = in_greys(numbers, (len(names), *shape))
    drawn = [["".join(2 * shade(ink) for ink in row) for row in grid] for grid in grids]
    yield from _side_by_side(names, drawn)


def field_names(network: Model, l: int) -> list[str]:
    """Return the names of what ``weight_fields`` returns: ``w^2_1``, or with each map before."""
    description, before = network.plan.descriptions[l - 2], network.plan.shapes[l - 2]
    rows = network.plan.weight_shapes[l][0]
    many = before[0] if len(before) == 3 else 1
    if isinstance(description, Convolution) and many == 1:
        return [f"w^{l}_{f}" for f in range(1, rows + 1)]
    names = range(1, rows + 1), range(1, many + 1)
    return [f"w^{l}_{f},{g}" if many > 1 else f"w^{l}_{f}" for f in names[0] for g in names[1]]


def weight_fields(network: Model, l: int) -> list[Grid]:
    """Return the weights of layer l as pictures: a field for each map and each map before it.

    Of a dense layer they have the shape of what is before it: of an image, or of its maps; of a
    row of neurons a single row, but a square one where it may be an image.
    """
    description, before = network.plan.descriptions[l - 2], network.plan.shapes[l - 2]
    weights = network._numbers()[1][network.learning.index(l)].rows
    size = before[-2:]
    if isinstance(description, Convolution):
        size = description.window
    elif len(before) != 3:
        side = round(before[0] ** 0.5)
        size = (side, side) if l == 2 and side * side == before[0] else (1, before[0])
    maps = before[0] if len(before) == 3 else 1
    return [grid for row in in_fields(weights, maps, (size[0], size[1])) for grid in row]


def weight_lines(network: Model, l: int) -> Iterator[str]:
    """Yield the weights of layer l as pictures: a sign and a shade each, the strongest full."""
    yield from field_lines(field_names(network, l), weight_fields(network, l))


def field_lines(names: Sequence[str], grids: Sequence[Grid]) -> Iterator[str]:
    """Yield weights as pictures with a name above each, as many beside each other as fit."""
    strongest = strongest_of(grids)
    drawn = [
        ["".join(signed(w / strongest) for w in row) for row in _folded(grid)] for grid in grids
    ]
    yield from _side_by_side(names, drawn)


def weights_title(network: Model, l: int) -> str:
    """Return what is said of the weights of a layer."""
    description = network.plan.descriptions[l - 2]
    rows, columns = network.plan.weight_shapes[l]
    strongest = strongest_of(weight_fields(network, l))
    return (
        f"layer {l}, {description}: {rows} times {columns} weights, the strongest {strongest:.2f}"
    )


def strongest_of(grids: Sequence[Grid]) -> float:
    """Return the largest size of a weight; 1 where all are 0."""
    return max(abs(w) for grid in grids for row in grid for w in row) or 1.0


def signed(share: float) -> str:
    """Return a weight in two characters: its sign, and how large it is.

    >>> signed(0.5), signed(-1.0), signed(0.01)
    ('+▒', '−█', '  ')
    """
    ink = shade(abs(share))
    return "  " if ink == " " else f"{'−' if share < 0.0 else '+'}{ink}"


def _folded(grid: Grid) -> Grid:
    """Return a grid whose rows fit the width: a row of many neurons on several lines."""
    room = _WIDTH // 2
    return [row[at : at + room] for row in grid for at in range(0, len(row), room)]


def _side_by_side(names: Sequence[str], drawn: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield pictures of one height with a name above each, as many beside each other as fit."""
    wide = max(len(drawn[0][0]), *map(len, names)) + 2
    across = max(1, (_WIDTH + 2) // wide)
    for first in range(0, len(drawn), across):
        some = slice(first, first + across)
        if first:
            yield ""
        yield "".join(name.ljust(wide) for name in names[some]).rstrip()
        for line in zip(*drawn[some]):
            yield "".join(part.ljust(wide) for part in line).rstrip()
