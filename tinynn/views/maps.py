"""Feature maps as pictures: ``python -m tinynn.views.maps``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinynn.equations.maps import in_maps
from tinynn.layers.descriptions import Shape
from tinynn.views.lines import Line, Page
from tinynn.views.pictures import GAP, PAIRED, SMALL, Way, gallery, greys


def in_greys(numbers: Sequence[float], shape: Shape) -> list[list[list[float]]]:
    """Return the maps of a layer from 0 to 1: black is its smallest number, white its largest.

    >>> in_greys([-1.0, 0.0, 1.0, 3.0], (2, 1, 2))
    [[[0.0, 0.25]], [[0.5, 1.0]]]
    """
    maps, rows, columns = shape
    least = min(numbers)
    spread = (max(numbers) - least) or 1.0
    return in_maps([(number - least) / spread for number in numbers], maps, rows, columns)


def maps_title(l: int, numbers: Sequence[float], shape: Shape) -> str:
    """Return what is said of a layer of maps: ``layer 2: 4 maps of 6×6, from 0.12 to 0.93``."""
    maps, rows, columns = shape
    size = f"{maps} map{'s'[: maps > 1]} of {rows}×{columns}"
    return f"layer {l}: {size}, from {min(numbers):.2f} to {max(numbers):.2f}"


@dataclass
class FeatureMaps(Page):
    """Every map of a layer, as many beside each other as fit: from black, the smallest, to white.

    Map ``chosen``, from 1, has its name lit.

    >>> print(FeatureMaps(2, [0.0, 1.0, 1.0, 0.5], (2, 1, 2)))
    layer 2: 2 maps of 1×2, from 0.00 to 1.00
    map 1  map 2
      ██   ██▒▒
    """

    l: int
    numbers: Sequence[float]
    shape: Shape
    chosen: int = 0

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the title, then the maps with their names."""
        yield [(maps_title(self.l, self.numbers, self.shape), "bold")]
        grids = in_greys(self.numbers, self.shape)
        names = [
            (f"map {f}", "bold reverse" if f == self.chosen else "dim")
            for f in range(1, len(grids) + 1)
        ]
        way = PAIRED if coloured and len(grids[0][0]) > SMALL else Way()
        yield from gallery(grids, names, greys, [way], width, coloured, gap=GAP).lines


if __name__ == "__main__":
    from tinynn import Convolution, Network, load_digits

    passed = Network([(1, 8, 8), Convolution(4, 3), 10], seed=0).forward(load_digits().test[0][0])
    print(FeatureMaps(2, passed[2].a.entries, (4, 6, 6)))
