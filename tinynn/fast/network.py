"""The fast network: the calls of ``tinynn.Network``, over NumPy arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy as np
from numpy import multiply, subtract

from tinynn.activations import SIGMOID, Activation
from tinynn.costs import QUADRATIC
from tinynn.errors import ArgumentError, describe
from tinynn.fast.activations import FAST_ACTIVATIONS, Array
from tinynn.fast.data import Feed, Prepared, in_order, parts
from tinynn.fast.equations import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.files import Path
from tinynn.linalg import Vector, require_vector
from tinynn.network import Network as PureNetwork
from tinynn.randomness import RandomSource
from tinynn.training import Answers, Example, Learner, Score

DTYPES = ("float64", "float32")
Layers = dict[int, Array]


class FastGradient(NamedTuple):
    """∂C/∂b and ∂C/∂w as arrays, layer by layer from l = 2: the book's (nabla_b, nabla_w)."""

    biases: list[Array]
    weights: list[Array]


class Parameters:
    """Weights (J, K) and biases (J, 1) of every layer, as views of one flat array.

    One array, so that one subtraction updates the whole network.
    """

    def __init__(self, sizes: Sequence[int], dtype: str) -> None:
        shapes = [*zip(sizes[1:], sizes), *((size, 1) for size in sizes[1:])]
        self.flat, views = _cut(shapes, dtype)
        self.weights = views[: len(sizes) - 1]
        self.biases = views[len(sizes) - 1 :]


class Workspace:
    """Every array that a mini-batch of m examples needs, made once: the step allocates nothing."""

    def __init__(self, parameters: Parameters, sizes: Sequence[int], m: int) -> None:
        dtype = parameters.flat.dtype.name
        shapes = [(size, m) for size in sizes[1:]]
        self.activations_flat, self.activations = _cut(shapes, dtype)
        self.slopes_flat, self.slopes = _cut(shapes, dtype)
        _, self.errors = _cut(shapes, dtype)
        self.gradient = Parameters(sizes, dtype)
        self.bias_sums = [biases[:, 0] for biases in self.gradient.biases]
        self.ones = np.ones(m, dtype)


class Network(Learner):
    """A feedforward network over NumPy arrays: the calls of ``tinynn.Network``, much faster.

    The same seed gives the same first weights and the same shuffles as the pure network, and in
    float64 the same numbers to within rounding. ``dtype="float32"`` takes about half the time and
    keeps seven digits of each number: enough to learn with, not to compare runs with.

    ``weights[0]`` is the array (J, K) between layers 1 and 2 and ``biases[0]`` the array (J,) of
    layer 2; both are the network's own numbers, and can be written to, unchecked.

    >>> net = Network([2, 3, 1], seed=0)
    >>> net
    <fast Network 2-3-1: 13 weights and biases, sigmoid neurons, quadratic cost, float64>
    >>> net.to_pure() == PureNetwork([2, 3, 1], seed=0)
    True
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        activation: Union[str, Activation] = SIGMOID,
        dtype: str = "float64",
    ) -> None:
        self._take(PureNetwork(sizes, seed=seed, rng=rng, activation=activation), dtype)

    def _take(self, network: PureNetwork, dtype: str) -> None:
        if not isinstance(dtype, str) or dtype not in DTYPES:
            raise ArgumentError(f"dtype: expected float64 or float32, got {describe(dtype)}")
        if network.activation.name not in FAST_ACTIVATIONS:
            raise ArgumentError(f"activation: {network.activation.name!r} has no fast form")
        self.activation = network.activation
        self.cost = QUADRATIC
        self._sizes = network.sizes
        self._parameters = Parameters(self._sizes, dtype)
        self._workspaces: dict[int, Workspace] = {}
        for ours, theirs in zip(self._parameters.weights, network.weights):
            ours[...] = theirs.rows
        for ours, their_biases in zip(self._parameters.biases, network.biases):
            ours[:, 0] = their_biases.entries

    @classmethod
    def from_pure(cls, network: PureNetwork, dtype: str = "float64") -> Network:
        """Return the fast network with the numbers of a pure one; in float64, exactly these."""
        if not isinstance(network, PureNetwork):
            raise ArgumentError(f"from_pure: expected a tinynn.Network, got {describe(network)}")
        fast = cls.__new__(cls)
        fast._take(network, dtype)
        return fast

    @classmethod
    def from_parameters(
        cls,
        biases: Iterable[Iterable[float]],
        weights: Iterable[Iterable[Iterable[float]]],
        activation: Union[str, Activation] = SIGMOID,
        dtype: str = "float64",
    ) -> Network:
        """Return the network with these very numbers: one entry of each list for every layer."""
        return cls.from_pure(PureNetwork.from_parameters(biases, weights, activation), dtype)

    def to_pure(self) -> PureNetwork:
        """Return the pure network with exactly these numbers."""
        weights = [w.tolist() for w in self.weights]
        return PureNetwork.from_parameters(
            [b.tolist() for b in self.biases], weights, self.activation
        )

    def to_fast(self, dtype: str = "float64") -> Network:
        """Return a network of the same numbers with floats of this kind."""
        return self.from_pure(self.to_pure(), dtype)

    @property
    def dtype(self) -> str:
        """float64 or float32."""
        return self._parameters.flat.dtype.name

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons in each layer, the input layer first."""
        return self._sizes

    @property
    def biases(self) -> tuple[Array, ...]:
        """The biases of layers 2, 3, … as arrays (J,)."""
        return tuple(biases[:, 0] for biases in self._parameters.biases)

    @property
    def weights(self) -> tuple[Array, ...]:
        """The weights of layers 2, 3, … as arrays (J, K)."""
        return tuple(self._parameters.weights)

    def copy(self) -> Network:
        """Return a network of the same numbers that shares nothing with this one."""
        return self.from_pure(self.to_pure(), self.dtype)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return (self.sizes, self.activation, self.cost, self.dtype) == (
            other.sizes,
            other.activation,
            other.cost,
            other.dtype,
        ) and bool((self._parameters.flat == other._parameters.flat).all())

    __hash__ = None  # type: ignore[assignment]  # it learns

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        kind = f"{self.activation.name} neurons, {self.cost.name} cost, {self.dtype}"
        return f"<fast Network {sizes}: {self.parameter_count():,} weights and biases, {kind}>"

    # One example.

    def forward(self, x: Any) -> tuple[Layers, Layers]:
        """Return all weighted inputs z and activations a for input x, by layer number: (J,)."""
        function = FAST_ACTIVATIONS[self.activation.name]
        z: Layers = {}
        a: Layers = {1: self._column(x)}
        with np.errstate(over="ignore"):  # e^(-z) = inf is how σ gets to 0
            for l in range(2, self.num_layers + 1):
                w, b = self._parameters.weights[l - 2], self._parameters.biases[l - 2]
                z[l] = weighted_input(w, a[l - 1], b)
                a[l] = activation(z[l], function)
        return {l: z[l][:, 0] for l in z}, {l: a[l][:, 0] for l in a}

    def _column(self, x: Any) -> Array:
        vector = x if isinstance(x, Vector) else Vector(x)
        require_vector("x", vector, self.sizes[0])
        return np.array(vector.entries, self.dtype)[:, np.newaxis]

    def feedforward(self, x: Any) -> Array:
        """Return the output a^L (J,) for input x: a Vector, an array or any row of numbers."""
        _, a = self.forward(x)
        return a[self.num_layers]

    def answer(self, x: Any) -> int:
        """Return the network's answer for x, as ``tinynn.Network.answer`` has it."""
        return int(_answers(self.feedforward(x)[:, np.newaxis])[0])

    def backprop(self, x: Vector, y: Vector) -> FastGradient:
        """Return the gradient of the cost of one example, by backpropagation (BP1)-(BP4)."""
        return self.backprop_mini_batch([(x, y)])

    # A mini-batch.

    def backprop_mini_batch(self, mini_batch: Sequence[Example]) -> FastGradient:
        """Return the mean of the gradients of these examples, equation (19)."""
        m = len(mini_batch)
        work = self._fill(mini_batch, 1.0 / max(1, m))
        return FastGradient(
            [sums.copy() for sums in work.bias_sums], [w.copy() for w in work.gradient.weights]
        )

    def update_mini_batch(self, mini_batch: Sequence[Example], eta: float) -> None:
        """Take one step of gradient descent on these examples, equations (20) and (21)."""
        work = self._fill(mini_batch, eta / max(1, len(mini_batch)))
        subtract(self._parameters.flat, work.gradient.flat, self._parameters.flat)

    def _fill(self, mini_batch: Sequence[Example], rate: float) -> Workspace:
        """Return the workspace that holds ``rate`` times the gradient sum of these examples."""
        prepared = Prepared("mini_batch", mini_batch, self.sizes, self.dtype)
        m = len(prepared)
        work = self._workspace(m)
        batches = Feed(prepared, m, self.dtype).deal(np.arange(m))
        self._backpropagate(work, batches, rate, update=False)
        return work

    def _workspace(self, m: int) -> Workspace:
        if m not in self._workspaces:
            self._workspaces[m] = Workspace(self._parameters, self.sizes, m)
        return self._workspaces[m]

    def _backpropagate(
        self, work: Workspace, batches: Iterable[tuple[Array, Array]], rate: float, update: bool
    ) -> None:
        """Backpropagate mini-batch after mini-batch, and take each step at once if asked to.

        The last gradient stays in ``work``: Σ_x ∂C_x, times ``rate``. Every line after (BP1) is
        linear in δ^L, so that η/m is put into the few numbers of δ^L, not the many of ∂C/∂w.
        """
        parameters = self._parameters
        function = FAST_ACTIVATIONS[self.activation.name]
        w, a, slopes, delta = parameters.weights, work.activations, work.slopes, work.errors
        nabla_w, nabla_b, ones = work.gradient.weights, work.bias_sums, work.ones
        last = len(w) - 1
        forward = list(zip(w, parameters.biases, a))
        backward = [(w[i + 1], delta[i + 1], slopes[i], delta[i]) for i in reversed(range(last))]
        above = [(a[i - 1], delta[i], nabla_w[i], nabla_b[i]) for i in range(1, last + 1)]
        factor = np.array(rate, self.dtype)
        flat, gradient = parameters.flat, work.gradient.flat
        with np.errstate(over="ignore"):  # e^(-z) = inf is how σ gets to 0
            for x, y in batches:
                below = x
                for w_l, b_l, a_l in forward:
                    weighted_input(w_l, below, b_l, a_l)
                    below = activation(a_l, function, a_l)
                function.derivative(work.activations_flat, work.slopes_flat)  # all layers at once
                subtract(below, y, delta[last])  # ∂C/∂a^L = a^L - y
                multiply(delta[last], factor, delta[last])
                output_error(delta[last], slopes[last], delta[last])
                for w_next, delta_next, slope, delta_l in backward:
                    hidden_error(w_next, delta_next, slope, delta_l)
                weight_gradient(x, delta[0], nabla_w[0])
                bias_gradient(delta[0], ones, nabla_b[0])
                for a_before, delta_l, sum_w, sum_b in above:
                    weight_gradient(a_before, delta_l, sum_w)
                    bias_gradient(delta_l, ones, sum_b)
                if update:
                    subtract(flat, gradient, flat)  # w' = w - η/m Σ ∂C_x/∂w: (20) and (21)

    # Learning from data, and measuring what was learnt: the rest is in Learner.

    def prepare(self, name: str, examples: Sequence[Example]) -> Prepared:
        """Return the examples as arrays, once they fit."""
        return Prepared(name, examples, self.sizes, self.dtype)

    def learn(
        self, prepared: Prepared, order: Sequence[int], mini_batch_size: int, eta: float
    ) -> Iterator[int]:
        """Learn from mini-batches in this order; yield now and then how many examples are done."""
        indices = np.array(order)
        for m, start, stop in parts(len(order), mini_batch_size):
            feed, work = Feed(prepared, m, self.dtype), self._workspace(m)
            for i in range(start, stop, feed.at_once):
                end = min(i + feed.at_once, stop)
                self._backpropagate(work, feed.deal(indices[i:end]), eta / m, update=True)
                yield end

    def score(self, prepared: Prepared) -> Score:
        """Return how many answers are right, of how many, and the cost (6)."""
        correct = 0
        total = 0.0
        for outputs, desired in self._outputs(prepared):
            correct += int((_answers(outputs) == _answers(desired)).sum())
            total += float(np.square(desired - outputs, dtype="float64").sum()) / 2.0
        return Score(correct, len(prepared), total / len(prepared))

    def answers(self, examples: Sequence[Example]) -> Answers:
        """Return which answers are given to which examples, and how strong they get."""
        prepared = self.prepare("examples", examples)
        kinds = max(2, self.sizes[-1])
        confusion = np.zeros((kinds, kinds), int)
        largest = np.full(self.sizes[-1], -np.inf)
        for outputs, desired in self._outputs(prepared):
            np.add.at(confusion, (_answers(desired), _answers(outputs)), 1)
            largest = np.maximum(largest, outputs.max(axis=1))
        return Answers(confusion.tolist(), largest.tolist())

    def _outputs(self, prepared: Prepared) -> Iterator[tuple[Array, Array]]:
        """Yield the outputs and the desired outputs, (J, m) each, some hundred at a time."""
        function = FAST_ACTIVATIONS[self.activation.name]
        layers = list(zip(self._parameters.weights, self._parameters.biases))
        for x, y in in_order(prepared, self.dtype):
            a = x
            with np.errstate(over="ignore"):
                for w, b in layers:
                    z = weighted_input(w, a, b)
                    a = activation(z, function, z)
            yield a, y

    def is_finite(self) -> bool:
        """Say whether every weight and bias is a finite number."""
        return bool(np.isfinite(self._parameters.flat).all())

    # Files.

    def save(self, path: Path) -> None:
        """Write the file that ``tinynn.Network.save`` writes."""
        self.to_pure().save(path)

    @classmethod
    def load(cls, path: Path, dtype: str = "float64") -> Network:
        """Read a network that either path saved."""
        return cls.from_pure(PureNetwork.load(path), dtype)


def _answers(outputs: Array) -> Array:
    """Return the answer for each column: the strongest output, or of a single one, a ≥ 1/2."""
    if len(outputs) == 1:
        return np.asarray(outputs[0] >= 0.5, int)
    return np.asarray(outputs.argmax(axis=0))


def _cut(shapes: Sequence[tuple[int, int]], dtype: str) -> tuple[Array, list[Array]]:
    """Return one flat array of zeros, on a cache line, and views of it with these shapes."""
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
