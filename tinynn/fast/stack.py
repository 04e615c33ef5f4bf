"""One flat array of parameters, and the layers of a network bound to mini-batches of m columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple, Optional

import numpy as np

from tinynn.activations import LINEAR
from tinynn.fast.equations.activations import SOFTMAX, Array, fast_activation
from tinynn.fast.layers.layer import Forward, Layer, LayerGradient
from tinynn.layers.descriptions import Convolution, MaxPooling, Plan
from tinynn.layers.layer import layer_class
from tinynn.linalg import Matrix, Vector

Slopes = Callable[[Array, Optional[Array]], Array]
AddGradient = Callable[[Array, Array, LayerGradient], None]


class Parameters:
    """Weights (J, K) and biases (J, 1) of the layers that learn, as views of one flat array.

    The weights come first. As they share one array, one subtraction updates the whole network.
    """

    def __init__(self, plan: Plan, dtype: str) -> None:
        shapes = list(plan.weight_shapes.values())
        self.flat, views = _cut([*shapes, *((rows, 1) for rows, _ in shapes)], dtype)
        self.weights = views[: len(shapes)]
        self.biases = views[len(shapes) :]
        count = sum(rows * columns for rows, columns in shapes)
        self.all_weights, self.all_biases = self.flat[:count], self.flat[count:]

    def fill(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> None:
        """Set the parameters to those of a pure network."""
        for ours, matrix in zip(self.weights, weights):
            ours[...] = matrix.rows
        for ours, vector in zip(self.biases, biases):
            ours[:, 0] = vector.entries


class Calls(NamedTuple):
    """The bound methods of one training step, with their arguments."""

    forward: Sequence[Callable[[Array], Forward]]
    backward: Sequence[
        tuple[Callable[[Array, Forward], Array], Forward]
    ]  # from the last layer down
    gradients: Sequence[tuple[AddGradient, Forward, Forward, LayerGradient]]


class Stack:
    """The layers of a network bound to m columns, with every array that a mini-batch needs.

    All arrays are allocated once; a step allocates none. Neighbouring layers with the same
    activation function share flat arrays, so that one call computes σ' for all of them.
    """

    def __init__(self, plan: Plan, parameters: Parameters, m: int, keeps_z: bool = False) -> None:
        self.runs: list[tuple[Slopes, Array, Array]] = []  # from all a^l to all σ'(z^l)
        self.layers: list[Layer] = []
        nothing = np.empty((0, m), parameters.flat.dtype)
        given = nothing, nothing, nothing, nothing, fast_activation(LINEAR)
        self.given = Forward(*given)  # its a is the input x
        self.learning = plan.learning
        numbers = dict(zip(plan.learning, zip(parameters.biases, parameters.weights)))
        dtype = parameters.flat.dtype.name
        pooled = () if keeps_z else pooled_convolutions(plan)
        for passed, l in self._arrays(plan, m, dtype, keeps_z, pooled):
            description = plan.descriptions[l - 2]
            build = layer_class(description, "fast")
            before = plan.shapes[l - 2]
            self.layers.append(build(description, before, *numbers.get(l, (None, None)), passed))
        for l in pooled:  # the first layer that learns passes no error back: any order will do
            self.layers[l - 1].take_over(self.layers[l - 2], l == plan.learning[0])  # type: ignore[attr-defined]
        self._dropout = [(l, self.layers[l - 2]) for l in plan.dropout]

    def take_masks(self, masks: Mapping[int, Sequence[float]]) -> None:
        """Set the dropout masks by layer. A layer without a mask keeps all neurons, times 1 - p."""
        for l, layer in self._dropout:
            layer.take_mask(masks.get(l))  # type: ignore[attr-defined]

    def calls(self, gradient: Parameters) -> Calls:
        """Return the calls of a training step in order. They write their sums to ``gradient``."""
        layers = self.layers
        first = min(self.learning, default=2) - 2  # the layers before it need no error
        backward = [
            (layer.error_before, before.passed)
            for before, layer in list(zip(layers, layers[1:]))[first:]
        ]
        pairs = zip(gradient.biases, gradient.weights)
        sums = {l: LayerGradient(b[:, 0], w) for l, (b, w) in zip(self.learning, pairs)}
        passed = [self.given, *(layer.passed for layer in layers)]  # of layer l: passed[l - 1]
        gradients = [
            (layers[l - 2].add_gradient, passed[l - 2], passed[l - 1], sums[l])
            for l in self.learning
        ]
        return Calls([layer.forward for layer in layers], backward[::-1], gradients)

    def _arrays(
        self, plan: Plan, m: int, dtype: str, keeps_z: bool, pooled: Sequence[int]
    ) -> list[tuple[Forward, int]]:
        functions = [
            fast_activation(getattr(each, "activation", LINEAR)) for each in plan.descriptions
        ]
        for l in pooled:  # the pooling layer applies σ after the maximum
            functions[l - 2], functions[l - 1] = functions[l - 1], functions[l - 2]
        found = []
        for function, run in groupby(range(len(functions)), key=lambda i: functions[i]):
            layers = [i + 2 for i in run]
            shapes = [(plan.sizes[l - 1], m) for l in layers]
            a_flat, a = _cut(shapes, dtype)
            if layers[0] == 2 and 2 in plan.dropout:
                a[0] = a[0].reshape(m, -1).T  # one row per example in memory, like the input
            slopes_flat, slopes = _cut(shapes, dtype)
            _, delta = _cut(shapes, dtype)
            z = _cut(shapes, dtype)[1] if keeps_z else a
            slopes_flat.fill(1.0)  # the slope of linear neurons, never changed
            if function is not SOFTMAX and function is not fast_activation(LINEAR):
                self.runs.append((function.derivative, a_flat, slopes_flat))
            arrays = (Forward(*each, function) for each in zip(z, a, slopes, delta))
            found += list(zip(arrays, layers))
        return found


def pooled_convolutions(plan: Plan) -> list[int]:
    """Return the convolutions l that need only the largest activations, for max-pooling."""
    described = plan.descriptions
    pairs = enumerate(zip(described, described[1:-1]), start=2)
    return [l for l, pair in pairs if tuple(map(type, pair)) == (Convolution, MaxPooling)]


def _cut(shapes: Sequence[tuple[int, int]], dtype: str) -> tuple[Array, list[Array]]:
    """Return one flat array of zeros, aligned to a cache line, and its views of these shapes."""
    kind = np.dtype(dtype)
    length = sum(rows * columns for rows, columns in shapes)
    raw = np.zeros(length * kind.itemsize + 64, np.uint8)
    start = -raw.ctypes.data % 64
    flat = raw[start : start + length * kind.itemsize].view(kind)
    views, at = [], 0
    for rows, columns in shapes:
        views.append(flat[at : at + rows * columns].reshape(rows, columns))
        at += rows * columns
    return flat, views
