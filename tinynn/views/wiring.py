"""A network as neurons and connections, one of each lit: ``python -m tinynn.views.wiring``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from tinynn.stepper.writing import short
from tinynn.views.lines import Line, Page, Part, first_fitting

Neuron = tuple[int, int]  # (l, j), j counted from 0

_LABEL = 10
_NUMBER = 7  # characters of it
_LIT = "bold yellow"
_MANY = 16  # connections between two layers; of more, only those of a lit neuron are drawn
# The bit of each dot in a character of two by four dots.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass
class Wiring(Page):
    """The layers as columns of neurons with their activations, joined by lines.

    ``activations`` are those that are known by now. Of a layer too large for ``height`` some
    neurons stand for the rest, the lit ones among them; of too many layers, those about the lit.
    ``straight`` are layers whose neurons have one neuron before them each, as dropout's have;
    ``dropped`` are neurons that are struck out.
    """

    sizes: Sequence[int]
    activations: Mapping[Neuron, float]
    lit: Sequence[Neuron]
    height: int
    straight: Collection[int] = ()
    dropped: Collection[Neuron] = ()

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the names of the layers, and the rows of neurons and lines."""
        layers = self._layers(max(1, (width + 3) // (_LABEL + 3)))
        gaps = max(1, len(layers) - 1)
        gap = min(16, max(3, (width - _LABEL * len(layers)) // gaps))
        rows = self.height - 1
        places = {l: self._places(l, rows) for l in layers}
        yield [((" " * gap).join(f"{f'l = {l}':^{_LABEL}}" for l in layers), "dim")]
        between = [self._lines(places, l, gap, rows) for l in layers[:-1]]
        for row in range(rows):
            line: list[Part] = []
            for l, drawn in zip_longest(layers, between):
                line += [self._neuron(l, places[l], row), *(drawn[row] if drawn else ())]
            yield line

    def _layers(self, most: int) -> list[int]:
        """Return the layers to draw: those about the lit neurons, where not all have room."""
        middle = min((l for l, _ in self.lit), default=1)
        first = max(1, min(middle - 1, len(self.sizes) - most + 1))
        return [*range(first, min(first + most, len(self.sizes) + 1))]

    def _places(self, l: int, rows: int) -> dict[int, int]:
        """Return the row of each neuron of layer l that is drawn, by its j."""
        size = self.sizes[l - 1]
        room = (rows + 1) // 2
        chosen = list(range(size))
        if size > room:
            lit = [j for layer, j in self.lit if layer == l]
            kept = dict.fromkeys([0, size - 1, *lit, *range(size)])
            chosen = sorted(list(kept)[: max(room, 2 + len(lit))])
        spread = rows / len(chosen)
        return {j: min(rows - 1, int((i + 0.5) * spread)) for i, j in enumerate(chosen)}

    def _neuron(self, l: int, places: dict[int, int], row: int) -> Part:
        j = next((j for j, at in places.items() if at == row), None)
        if j is None:
            above = [j for j, at in places.items() if at < row]
            below = [j for j, at in places.items() if at > row]
            skipped = above and below and below[0] > above[-1] + 1
            return f"{'⋮' if skipped else '':^{_LABEL}}", "dim"
        value = self.activations.get((l, j))
        number = "·"
        if value is not None:
            number = first_fitting([short(value, n) for n in (4, 3, 2, 1)], _NUMBER)
        if (l, j) in self.dropped:
            number = f"× {number}"
        style = "reverse " + _LIT if (l, j) in self.lit else "cyan" if number != "·" else ""
        return f"{j + 1:>2} {number}".ljust(_LABEL), style

    def _lines(
        self, places: dict[int, dict[int, int]], l: int, gap: int, rows: int
    ) -> list[list[Part]]:
        """Return the lines between layers l and l + 1, drawn in dots."""
        dim = [[0] * gap for _ in range(rows)]
        lit = [[0] * gap for _ in range(rows)]
        straight = l + 1 in self.straight
        many = not straight and len(places[l]) * len(places[l + 1]) > _MANY
        for k, start in places[l].items():
            for j, end in places[l + 1].items():
                ends = ((l, k) in self.lit, (l + 1, j) in self.lit)
                if (straight and k != j) or (l, k) in self.dropped:
                    continue
                if any(ends) or not many:
                    _draw(lit if all(ends) else dim, 4 * start + 2, 4 * end + 2)
        return [_dotted(dim[row], lit[row]) for row in range(rows)]


def _draw(canvas: list[list[int]], start: int, end: int) -> None:
    """Draw a line from the left edge, at the height of dot ``start``, to the right edge."""
    last = 2 * len(canvas[0]) - 1
    steps = max(last, abs(end - start))
    for step in range(steps + 1):
        x = round(step * last / steps)
        y = round(start + step * (end - start) / steps)
        canvas[y // 4][x // 2] |= _DOTS[y % 4][x % 2]


def _dotted(dim: list[int], lit: list[int]) -> list[Part]:
    dots = ((over or under, _LIT if over else "dim") for under, over in zip(dim, lit))
    return [(chr(0x2800 + each) if each else " ", style) for each, style in dots]


if __name__ == "__main__":
    known = {(1, 0): 1.0, (1, 1): 0.0, (2, 0): 0.88, (2, 1): 0.27}
    print(Wiring([2, 2, 1], known, [(3, 0), (2, 1)], 8))
    print(Wiring([64, 30, 10], {}, [(2, 11), (1, 40)], 14))
