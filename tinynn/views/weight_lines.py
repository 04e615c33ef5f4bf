"""One neuron's weights, and the digits that excite it, as plain lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tinynn.datasets import Examples
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.notation import indexed_name
from tinynn.views.map_lines import Grid, field_lines, field_names, weight_fields
from tinynn.views.vote_lines import captioned_lines

PIPED = 5  # digits of each kind where no screen limits them


class Excited(NamedTuple):
    """What a digit does to a neuron: its number and label, its pixels, and the neuron's z and a."""

    digit: int
    label: int
    x: Vector
    z: float
    a: float

    @property
    def caption(self) -> str:
        """Return what is written above its picture: number, label and z."""
        return f"{self.digit}: {self.label}\nz {self.z:.4g}"


class Neuron(NamedTuple):
    """Neuron j of layer l, from 1: its weights as pictures, its bias, and all digits by z."""

    l: int
    j: int
    names: list[str]
    fields: list[Grid]
    bias: float
    place: str
    by_z: list[Excited]  # the largest z first
    shape: tuple[int, int]

    @property
    def title(self) -> str:
        """Return the name of the neuron, its weights in short, and its bias."""
        w = [each for grid in self.fields for row in grid for each in row]
        spread = f"{len(w)} weights from {min(w):.3g} to {max(w):.3g}"
        bias = f"{indexed_name('b', self.l, self.j)} = {self.bias:.3g}"
        return f"neuron {self.l}:{self.j}{self.place}: {spread}" + (
            "" if self.place else f", {bias}"
        )

    def kinds(self, most: int) -> list[tuple[str, Sequence[Excited]]]:
        """Return the digits that excite it most and least, each with what is said above them."""
        z = indexed_name("z", self.l, self.j)
        count = min(most, len(self.by_z))
        return [
            (f"excite it most, the largest {z}:", self.by_z[:count]),
            (f"excite it least, the smallest {z}:", self.by_z[::-1][:count]),
        ]


def inspected(network: Model, examples: Examples, l: int, j: int) -> Neuron:
    """Return neuron j of layer l, and what it makes of every example.

    A neuron in a feature map has the weights of its map, and looks from its place.
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
        by_z.append(Excited(i, examples.label(i), x, float(there.z[j - 1]), float(there.a[j - 1])))
    by_z.sort(key=lambda each: -each.z)
    names = field_names(network, l)[seen]
    bias = biases[learnt][row]
    return Neuron(l, j, names, grids[seen], bias, place, by_z, examples.image_shape)


def neuron_lines(neuron: Neuron) -> Iterator[str]:
    """Yield the neuron's weights as pictures, and the digits that excite it most and least."""
    yield neuron.title
    yield from field_lines(neuron.names, neuron.fields)
    for said, digits in neuron.kinds(PIPED):
        yield ""
        yield said
        captions = [each.caption.replace("\n", ", ") for each in digits]
        yield from captioned_lines([each.x for each in digits], captions, neuron.shape)


def weights_json(network: Model, l: int) -> dict[str, Any]:
    """Return the weights and biases of a layer, a row for each neuron or feature map."""
    learnt = network.learning.index(l)
    biases, weights = network._numbers()
    return {
        "layer": l,
        "kind": str(network.plan.descriptions[l - 2]),
        "biases": [*biases[learnt]],
        "weights": [[*row] for row in weights[learnt].rows],
    }


def neuron_json(neuron: Neuron, most: int = PIPED) -> dict[str, Any]:
    """Return the weights of a neuron, and the digits that excite it most and least."""
    kinds = [
        [{"digit": each.digit, "label": each.label, "z": each.z, "a": each.a} for each in digits]
        for _, digits in neuron.kinds(most)
    ]
    weights = [w for grid in neuron.fields for row in grid for w in row]
    about = {"layer": neuron.l, "neuron": neuron.j, "bias": neuron.bias, "weights": weights}
    return {**about, "most": kinds[0], "least": kinds[1]}
