"""Weights as signed pictures, and what excites a neuron: ``python -m tinynn.views.weights``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional

from tinynn.datasets import Examples
from tinynn.equations.maps import in_fields
from tinynn.layers import Convolution
from tinynn.model import Model
from tinynn.network import Network
from tinynn.notation import indexed_name
from tinynn.views.lines import Line, Page, in_columns
from tinynn.views.pictures import GAP, PAIRED, SMALL, Draw, Rows, Way, captioned, gallery, signs

PIPED = 5  # digits of each kind where no screen limits them
_LEGEND = "; light +, dark −"


def field_names(network: Model, l: int) -> list[str]:
    """Return the names of what ``weight_fields`` returns: ``w^2_1``, or ``w^2_1,1`` after maps."""
    before, rows = network.plan.shapes[l - 2], range(1, network.plan.weight_shapes[l][0] + 1)
    if len(before) == 3 and before[0] > 1:
        return [f"w^{l}_{f},{g}" for f in rows for g in range(1, before[0] + 1)]
    return [f"w^{l}_{f}" for f in rows]


def weight_fields(network: Model, l: int) -> list[Rows]:
    """Return the weights of layer l as pictures: a field for each map and each map before it.

    For a dense layer they have the shape of the layer before: of its maps, or one row. After an
    input with a square number of neurons, which may be an image, they are square.
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


def strongest_of(grids: Sequence[Rows]) -> float:
    """Return the largest absolute value of a weight, or 1 if all are 0."""
    return max(abs(w) for grid in grids for row in grid for w in row) or 1.0


def _drawing(grids: Sequence[Rows]) -> Draw:
    """Return a function that draws these weights in proportion to the strongest of them."""
    strongest: dict[Way, float] = {}

    def draw(rows: Rows, way: Way, room: int, coloured: bool) -> list[Line]:
        if way not in strongest:
            strongest[way] = strongest_of([way.pixels(each) for each in grids])
        shares = [[w / strongest[way] for w in row] for row in way.pixels(rows)]
        return signs(shares, way._replace(halved=False, scale=1), room, coloured)

    return draw


def _ways(grids: Sequence[Rows], coloured: bool, scales: Sequence[int] = (1,)) -> list[Way]:
    """Return the ways to draw these weights, the one with the largest pictures first."""
    smallest = PAIRED if coloured and len(grids[0]) > 1 else Way()
    ways = [*(Way(scale=scale) for scale in scales), smallest]
    return [*ways, smallest._replace(halved=True)] if len(grids[0]) > SMALL else ways


@dataclass
class Weights(Page):
    """The weights of a layer as pictures with their names, as large as fits.

    ``first`` is the first that is drawn, counted from 1. Without a ``height`` all others follow.
    """

    network: Model
    l: int
    height: Optional[int] = None
    first: int = 1

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the title, the pictures, and, if some do not fit, how to see the rest."""
        plan, before, grids = self.network.plan, self.first - 1, weight_fields(self.network, self.l)
        rows, columns = plan.weight_shapes[self.l]
        size = f"{rows} times {columns} weights, the strongest {strongest_of(grids):.2f}"
        title = f"layer {self.l}, {plan.descriptions[self.l - 2]}: {size}"
        yield [(title, "bold"), (_LEGEND if coloured else "", "dim")]
        names = [(name, "dim") for name in field_names(self.network, self.l)[before:]]
        ways = [Way()] if self.height is None else _ways(grids, coloured)
        room = None if self.height is None else self.height - 2
        drawn = gallery(grids[before:], names, _drawing(grids), ways, width, coloured, room, GAP)
        yield from drawn.lines
        end, count = before + drawn.shown, len(grids)
        if drawn.shown < count:
            on = f"--first {end + 1} goes on, " if end < count else ""
            yield [(f"{self.first} to {end} of {count}; {on}--plain shows all", "dim")]


class Excited(NamedTuple):
    """A digit of the data, by its number and label, and the neuron's z and a for it."""

    digit: int
    label: int
    z: float
    a: float

    @property
    def caption(self) -> str:
        """Return the text above the digit's picture: number, label and z."""
        return f"{self.digit}: {self.label}\nz {self.z:.4g}"


class Neuron(NamedTuple):
    """Neuron j of layer l, j from 1: its weights as pictures, its bias, and the digits by z."""

    l: int
    j: int
    names: list[str]
    fields: list[Rows]
    bias: float
    place: str
    by_z: list[Excited]  # the largest z first
    examples: Examples

    @property
    def title(self) -> str:
        """Return the name of the neuron, its weights in short, and its bias."""
        w = [each for grid in self.fields for row in grid for each in row]
        spread = f"{len(w)} weights from {min(w):.3g} to {max(w):.3g}"
        bias = "" if self.place else f", {indexed_name('b', self.l, self.j)} = {self.bias:.3g}"
        return f"neuron {self.l}:{self.j}{self.place}: {spread}{bias}"

    def kinds(self, most: int) -> list[tuple[str, Sequence[Excited]]]:
        """Return up to ``most`` digits that excite it most, then least, each with a heading."""
        z = indexed_name("z", self.l, self.j)
        count = min(most, len(self.by_z))
        return [
            (f"excite it most, the largest {z}:", self.by_z[:count]),
            (f"excite it least, the smallest {z}:", self.by_z[::-1][:count]),
        ]


def inspected(network: Model, examples: Examples, l: int, j: int) -> Neuron:
    """Return neuron j of layer l, with its z and a for every example.

    A neuron in a feature map has the weights of its map; its title then names its place there.
    """
    biases, weights = network._numbers()
    learnt = network.learning.index(l)
    rows = len(weights[learnt].rows)
    row, place = j - 1, ""
    if rows != network.sizes[l - 1]:  # a feature map, whose weights are shared
        row, at = divmod(j - 1, network.sizes[l - 1] // rows)
        r, s = divmod(at, network.plan.shapes[l - 1][-1])
        place = f" in map {row + 1}, row {r + 1}, column {s + 1}"
    grids = weight_fields(network, l)
    many = len(grids) // rows
    seen = slice(row * many, (row + 1) * many)
    by_z = []
    for i, (x, _) in enumerate(examples):
        there = network.forward(x)[l]
        by_z.append(Excited(i, examples.label(i), float(there.z[j - 1]), float(there.a[j - 1])))
    by_z.sort(key=lambda each: -each.z)
    names, bias = field_names(network, l)[seen], biases[learnt][row]
    return Neuron(l, j, names, grids[seen], bias, place, by_z, examples)


@dataclass
class NeuronPage(Page):
    """One neuron's weights and the digits that excite it: side by side if there is a height."""

    neuron: Neuron
    height: Optional[int] = None

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the title, the weights, and the digits that excite the neuron most and least."""
        neuron = self.neuron
        yield [(neuron.title, "bold"), (_LEGEND if coloured else "", "dim")]
        fields = neuron.fields, [(name, "dim") for name in neuron.names], _drawing(neuron.fields)
        if self.height is None:
            yield from gallery(*fields, [Way()], width, gap=GAP).lines
            for said, digits in neuron.kinds(PIPED):
                yield ""
                yield said
                yield from self._digits(digits, width, coloured, None)
            return
        ways, room = _ways(neuron.fields, coloured, (2, 1)), self.height - 2
        left = gallery(*fields, ways, width // 2, coloured, room, GAP)
        right: list[Line] = []
        beyond = width - left.width - GAP - 1
        for said, digits in neuron.kinds(len(neuron.by_z) // 2 or 1):
            some = digits[: max(1, beyond // 9)]
            right += [[(said, "bold")], *self._digits(some, beyond, coloured, room // 2 - 1)]
        yield from in_columns([left.lines, right], [left.width, 0], GAP)

    def _digits(
        self, digits: Sequence[Excited], width: int, coloured: bool, room: Optional[int]
    ) -> list[Line]:
        between = ", " if room is None else "\n"
        captions = {each.digit: each.caption.replace("\n", between) for each in digits}
        return captioned(self.neuron.examples, captions, width, coloured, room).lines


def weights_json(network: Model, l: int) -> dict[str, Any]:
    """Return the weights and biases of a layer, a row for each neuron or feature map."""
    learnt = network.learning.index(l)
    biases, weights = network._numbers()
    numbers = {"biases": [*biases[learnt]], "weights": [[*row] for row in weights[learnt].rows]}
    return {"layer": l, "kind": str(network.plan.descriptions[l - 2]), **numbers}


def neuron_json(neuron: Neuron, most: int = PIPED) -> dict[str, Any]:
    """Return the weights of a neuron, and the digits that excite it most and least."""
    kinds = [[each._asdict() for each in digits] for _, digits in neuron.kinds(most)]
    weights = [w for grid in neuron.fields for row in grid for w in row]
    about = {"layer": neuron.l, "neuron": neuron.j, "bias": neuron.bias, "weights": weights}
    return {**about, "most": kinds[0], "least": kinds[1]}


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.views.lines import Stack
    from tinynn.views.picture import demo, picture_console

    digits = load_digits()
    learnt = Network([64, 30, 10], seed=0)
    learnt.train(digits.training[:500], 2, 10, 3.0, seed=0).finish()
    neuron = NeuronPage(inspected(learnt, digits.test[:100], 2, 7), 24)
    both = Stack(Weights(learnt, 2, 24), neuron)
    demo(both, "tinynn inspect weights", picture_console(80, 48))
