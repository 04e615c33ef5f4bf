"""The fast network: the methods of ``tinynn.Network`` over NumPy arrays."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Optional, Union

import numpy as np

from tinynn.activations import LINEAR, SIGMOID, Activation, activation_named
from tinynn.costs import QUADRATIC, Cost
from tinynn.errors import ArgumentError, describe, require_count, require_positive
from tinynn.fast.costs import fast_cost, fast_error, fast_penalty, require_desired
from tinynn.fast.data import Feed, Prepared, in_order, parts
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.costs import mean_cost
from tinynn.fast.layers.layer import Layer
from tinynn.fast.masks import masks_of
from tinynn.fast.stack import Parameters, Stack
from tinynn.fast.updating import Update, update_of
from tinynn.files import FilePath, Saved, read_network
from tinynn.layers.descriptions import Described
from tinynn.linalg import Matrix, Vector, as_vector
from tinynn.model import Model
from tinynn.network import Network as PureNetwork
from tinynn.randomness import Masks, RandomSource
from tinynn.training.examples import Example
from tinynn.training.reports import Answers, OnScored, Score
from tinynn.training.settings import Momentum, Settings

DTYPES = ("float64", "float32")
_AT_ONCE = 1_000_000  # activations of the widest layer, when only outputs are needed


def blas_threads() -> int:
    """Return the number of threads for matrix products that the environment sets."""
    names = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")
    asked = (os.environ.get(name, "") for name in names)
    return next((int(n) for n in asked if n.isdecimal()), os.cpu_count() or 1)


class FastGradient(NamedTuple):
    """∂C/∂b and ∂C/∂w as arrays, for each layer that learns: the book's (nabla_b, nabla_w)."""

    biases: list[Array]
    weights: list[Array]


class Passed(NamedTuple):
    """The result of the forward pass at a layer: ``tinynn.layers.Forward`` with arrays (J,)."""

    z: Array
    a: Array
    function: Activation


class Network(Model):
    """A feedforward network over NumPy arrays: the methods of ``tinynn.Network``, much faster.

    The same seed draws the same first weights and shuffles as in the pure network. In float64
    the numbers agree to within rounding. ``dtype="float32"`` takes about half the time and keeps
    seven digits: enough for training, not for comparing runs. In a dense network ``weights[0]`` is
    the array (J, K) between layers 1 and 2 and ``biases[0]`` the array (J,) of layer 2. Both are
    the network's own numbers; you can write to them, unchecked. A single example may consist of
    Vectors or arrays.

    >>> net = Network([2, 3, 1], seed=0)
    >>> net
    <fast Network 2-3-1: 13 weights and biases, sigmoid neurons, quadratic cost, float64>
    >>> net.to_pure() == PureNetwork([2, 3, 1], seed=0)
    True
    """

    def __init__(
        self,
        layers: Sequence[Described],
        *,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        activation: Union[str, Activation] = SIGMOID,
        cost: Union[str, Cost] = QUADRATIC,
        init: Optional[str] = None,
        dtype: str = "float64",
    ) -> None:
        self._dtype = _dtype(dtype)
        made: dict[str, Any] = {"activation": activation, "cost": cost, "init": init}
        super().__init__(layers, seed=seed, rng=rng, **made)

    def _take(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> None:
        self._fast_cost = fast_cost(self._cost)
        self._error = fast_error(self._cost, self._plan)
        self._parameters = Parameters(self._plan, self._dtype)
        self._gradient = Parameters(self._plan, self._dtype)
        self._bind({})
        self._parameters.fill(biases, weights)

    def _bind(self, masks: Mapping[int, Sequence[float]]) -> None:
        """Bind layers to these numbers, with these dropout masks for forward passes."""
        self._masks = masks
        self._stacks: dict[int, Stack] = {}
        self._single = Stack(self._plan, self._parameters, 1, keeps_z=True)
        self._single.take_masks(masks)

    def _masked(self, masks: Mapping[int, Sequence[float]]) -> Network:
        network = type(self).__new__(type(self))
        vars(network).update(vars(self))
        network._bind(masks)
        return network

    @classmethod
    def from_pure(cls, network: PureNetwork, dtype: str = "float64") -> Network:
        """Return a fast network with the numbers of a pure one: exactly, in float64."""
        if not isinstance(network, PureNetwork):
            raise ArgumentError(f"from_pure: expected a tinynn.Network, got {describe(network)}")
        fast = cls.__new__(cls)
        fast._dtype = _dtype(dtype)
        fast._build(network._plan, network.cost, *network._numbers())
        return fast

    def to_pure(self) -> PureNetwork:
        """Return a pure network with exactly these numbers."""
        pure = PureNetwork.__new__(PureNetwork)
        pure._build(self._plan, self._cost, *self._numbers())
        return pure

    @property
    def dtype(self) -> str:
        """float64 or float32."""
        return self._dtype

    @property
    def biases(self) -> tuple[Array, ...]:
        """The biases of each layer that learns, as arrays (J,)."""
        return tuple(biases[:, 0] for biases in self._parameters.biases)

    @property
    def weights(self) -> tuple[Array, ...]:
        """The weights of each layer that learns, as arrays (J, K)."""
        return tuple(self._parameters.weights)

    def layer(self, l: int) -> Layer:
        """Return layer l = 2 … L, bound to one column. Layer 1 is the input."""
        self._require_layer(l)
        return self._single.layers[l - 2]

    _engine = {
        "engine": "tinynn.fast.Network",
        "NumPy": np.__version__,
        "BLAS threads": blas_threads(),
    }

    def _snapshot(self, of: Optional[Array] = None) -> Array:
        return (self._parameters.flat if of is None else of).copy()

    def _at_rest(self) -> Array:
        return np.zeros_like(self._parameters.flat)

    def _velocity(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> Array:
        parameters = Parameters(self._plan, self._dtype)
        parameters.fill(biases, weights)
        return parameters.flat

    def _restore(self, snapshot: Array) -> None:
        self._parameters.flat[...] = snapshot

    def _numbers(self, snapshot: Optional[Array] = None) -> tuple[list[Vector], list[Matrix]]:
        parameters = self._parameters
        if snapshot is not None:
            parameters = Parameters(self._plan, self._dtype)
            parameters.flat[...] = snapshot
        biases = [Vector.wrap(b[:, 0].tolist()) for b in parameters.biases]
        return biases, [Matrix.wrap(w.tolist()) for w in parameters.weights]

    def _same_numbers(self, other: Network) -> bool:
        same = np.array_equal(self._parameters.flat, other._parameters.flat)
        return same and self._dtype == other._dtype

    def is_finite(self) -> bool:
        """Return whether every weight and bias is a finite number."""
        return bool(np.isfinite(self._parameters.flat).all())

    def __repr__(self) -> str:
        return self._title("fast ", f", {self._dtype}")

    # One example.

    def forward(self, x: Any) -> dict[int, Passed]:
        """Return z, a and σ of each layer, by layer number, as arrays (J,)."""
        a = self._column(x)
        passed = {1: Passed(a[:, 0], a[:, 0], LINEAR)}
        with np.errstate(over="ignore"):  # σ becomes 0 through e^(-z) = inf
            for l, layer in enumerate(self._single.layers, start=2):
                there = layer.forward(a)
                a = there.a
                function = activation_named(there.function.name)
                passed[l] = Passed(there.z[:, 0].copy(), a[:, 0].copy(), function)
        return passed

    def _column(self, x: Any) -> Array:
        vector = as_vector("x", x, self.sizes[0])
        return np.array(vector.entries, self._dtype)[:, np.newaxis]

    def feedforward(self, x: Any) -> Array:
        """Return the output a^L (J,) for input x: a Vector, an array or any sequence of numbers."""
        return self.forward(x)[self.num_layers].a

    def backprop(self, x: Any, y: Any) -> FastGradient:
        """Return the gradient of the cost of one example, by backpropagation (BP1)-(BP4)."""
        return self.backprop_mini_batch([(x, y)])

    # A mini-batch.

    def backprop_mini_batch(self, mini_batch: Sequence[Example]) -> FastGradient:
        """Return the mean of the gradients of these examples, equation (19)."""
        stack, batches, m = self._dealt(mini_batch)
        self._backpropagate(stack, batches, 1.0 / m)
        gradient = self._gradient
        return FastGradient(
            [b[:, 0].copy() for b in gradient.biases], [w.copy() for w in gradient.weights]
        )

    def update_mini_batch(
        self,
        mini_batch: Sequence[Example],
        eta: float,
        lmbda: float = 0.0,
        n: int = 0,
        penalty: str = "L2",
        momentum: Optional[Momentum] = None,
    ) -> None:
        """Take one step of gradient descent on these examples, equations (20) and (21).

        With λ the step is (93), or (97) for the penalty "L1"; ``n`` is the size of the training
        set, or 0 if these examples are the training set. With a ``momentum`` the step is (107)
        and (108), and updates its velocities. This method drops no neurons: with dropout, call it
        on ``net.thinned(rng)``.
        """
        stack, batches, m = self._dealt(mini_batch)
        eta = require_positive("eta", eta)
        n = require_count("n", n, 0) or m
        if momentum is not None:
            self._require_own(momentum)
        numbers = self._parameters, self._gradient
        update = update_of(*numbers, eta, lmbda, n, penalty, momentum)
        self._backpropagate(stack, batches, eta / m, update)

    def _dealt(self, mini_batch: Sequence[Example]) -> tuple[Stack, list[tuple[Array, Array]], int]:
        """Return a stack for one mini-batch, the mini-batch in arrays, and its size."""
        prepared = self._prepare("mini_batch", mini_batch)
        m = len(prepared)
        return self._stack(m), Feed(prepared, m, self._dtype).deal(np.arange(m)), m

    def _stack(self, m: int) -> Stack:
        if m not in self._stacks:
            self._stacks[m] = Stack(self._plan, self._parameters, m)
        self._stacks[m].take_masks(self._masks)
        return self._stacks[m]

    def _backpropagate(
        self,
        stack: Stack,
        batches: Sequence[tuple[Array, Array]],
        rate: float,
        update: Optional[Update] = None,
        masks: Optional[Masks] = None,
    ) -> None:
        """Backpropagate each mini-batch, each with new masks, and update after each.

        ``_gradient`` keeps the last gradient: Σ_x ∂C_x, times ``rate``. An interrupt leaves the
        numbers as they are after one of the steps.
        """
        forward, backward, gradients = stack.calls(self._gradient)
        last, runs = stack.layers[-1].passed, stack.runs
        cost_error = self._error
        factor = np.array(rate, self._dtype)
        take_step, look_ahead, look_back = update or (None, None, None)
        draw = None
        if masks is not None and masks.dropout:
            draw = masks_of(masks, len(batches)).__next__
        try:
            with np.errstate(over="ignore"):  # σ becomes 0 through e^(-z) = inf
                for x, y in batches:
                    if draw is not None:
                        stack.take_masks(draw())
                    if look_ahead is not None:
                        look_ahead()
                    stack.given.a = a = x
                    for layer_forward in forward:
                        a = layer_forward(a).a
                    for slopes_of, activations, slopes in runs:
                        slopes_of(activations, slopes)
                    delta = cost_error(last, y, factor)
                    for error_before, before in backward:
                        delta = error_before(delta, before)
                    for add_gradient, before, passed, sums in gradients:
                        add_gradient(before.a, passed.delta, sums)
                    if take_step is not None:
                        take_step()
        finally:
            if look_back is not None:
                look_back()

    # Training and measuring; Model has the rest.

    def _prepare(self, name: str, examples: Sequence[Example]) -> Prepared:
        prepared = Prepared(name, examples, self.sizes, self._dtype)
        require_desired(name, self._cost, prepared.targets)
        return prepared

    def _learn(
        self,
        prepared: Prepared,
        order: Sequence[int],
        settings: Settings,
        momentum: Optional[Momentum],
        masks: Masks,
    ) -> Iterator[int]:
        eta, lmbda, penalty = settings.eta, settings.lmbda, settings.penalty
        numbers = self._parameters, self._gradient
        update = update_of(*numbers, eta, lmbda, len(prepared), penalty, momentum)
        indices = np.array(order)
        for m, start, stop in parts(len(order), settings.mini_batch_size):
            feed, stack = Feed(prepared, m, self._dtype), self._stack(m)
            for i in range(start, stop, feed.at_once):
                end = min(i + feed.at_once, stop)
                self._backpropagate(stack, feed.deal(indices[i:end]), eta / m, update, masks)
                yield end

    def _score(self, prepared: Prepared, on_scored: Optional[OnScored] = None) -> Score:
        correct = done = 0
        costs = []
        for outputs, desired in self._outputs(prepared):
            correct += int((_answers(outputs) == _answers(desired)).sum())
            costs.append(self._fast_cost.value(outputs, desired))
            done += outputs.shape[1]
            if on_scored is not None:
                on_scored(done)
        return Score(correct, len(prepared), mean_cost(np.concatenate(costs)))

    def _each_output(self, prepared: Prepared) -> Iterator[tuple[list[float], list[float]]]:
        for outputs, desired in self._outputs(prepared):
            yield from zip(outputs.T.tolist(), desired.T.tolist())

    def _penalised_cost(self, cost: float, lmbda: float, n: int, penalty: str) -> float:
        return fast_penalty(penalty).cost(cost, self._parameters.all_weights, lmbda, n)

    def answers(self, examples: Sequence[Example]) -> Answers:
        """Return the confusion matrix of these examples, and each output's largest activation."""
        prepared = self._prepare("examples", examples)
        kinds = max(2, self.sizes[-1])
        confusion = np.zeros((kinds, kinds), int)
        largest = np.full(self.sizes[-1], -np.inf)
        for outputs, desired in self._outputs(prepared):
            np.add.at(confusion, (_answers(desired), _answers(outputs)), 1)
            largest = np.maximum(largest, outputs.max(axis=1))
        return Answers(confusion.tolist(), largest.tolist())

    def _outputs(self, prepared: Prepared) -> Iterator[tuple[Array, Array]]:
        """Yield the outputs and the desired outputs, (J, m) each, for a few hundred examples."""
        most = max(1, min(1000, _AT_ONCE // max(self.sizes)))
        for x, y in in_order(prepared, self._dtype, most):
            a = x
            with np.errstate(over="ignore"):
                for layer in self._stack(x.shape[1]).layers:
                    a = layer.forward(a).a
            yield a, y

    # Files.

    @classmethod
    def load(cls, path: FilePath, dtype: Optional[str] = None) -> Network:
        """Read a network that either engine saved. By default ``dtype`` is the saved one."""
        saved = read_network(path)
        return cls._of_file(saved._replace(dtype=_dtype(saved.dtype if dtype is None else dtype)))

    @classmethod
    def _of_file(cls, saved: Saved) -> Network:
        network = cls.__new__(cls)
        network._dtype = saved.dtype
        network._build(saved.plan, saved.cost, saved.biases, saved.weights)
        return network


def _dtype(dtype: object) -> str:
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise ArgumentError(f"dtype: expected float64 or float32, got {describe(dtype)}")
    return dtype


def _answers(outputs: Array) -> Array:
    """Return the answer for each column: the strongest output, or a ≥ 1/2 for a single output."""
    if len(outputs) == 1:
        return np.asarray(outputs[0] >= 0.5, int)
    return np.asarray(outputs.argmax(axis=0))
