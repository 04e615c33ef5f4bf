"""The base of ``network`` and ``network2``: columns of numbers and a loop over the engine."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Optional

import numpy as np

from tinynn.datasets import ArrayExamples
from tinynn.errors import ArgumentError, DataError, ShapeError, describe, require_count
from tinynn.fast import Network as Engine
from tinynn.fast.equations.activations import FAST_ACTIVATIONS, Array
from tinynn.fast.equations.dense import activation, hidden_error, weighted_input
from tinynn.fast.equations.updates import l2_updated_weights, updated_biases
from tinynn.model import Model
from tinynn.randomness import BookRandom, Masks, RandomSource, random_source
from tinynn.training.reports import Score
from tinynn.training.settings import Settings

_SIGMOID = FAST_ACTIVATIONS["sigmoid"]
_STEPS = ("update_mini_batch", "backprop", "feedforward", "evaluate", "accuracy", "total_cost")


class GlobalRandom(BookRandom):
    """The global generators of the process, which the book's programs use.

    ``np.random.seed`` fixes the weights and ``random.seed`` the shuffles, made as in Python 2: so
    a figure program of the book reproduces its numbers.
    """

    def __init__(self) -> None:
        self._shuffles = random  # type: ignore[assignment]  # the module itself has random()

    def __reduce__(self) -> tuple[type[GlobalRandom], tuple[()]]:
        """Return how to copy it: a process has only one such generator."""
        return GlobalRandom, ()

    def random(self) -> float:
        """Return the next float of NumPy's generator."""
        return float(np.random.random_sample())

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """Return a float drawn from N(mu, sigma²) by NumPy's generator."""
        return mu + sigma * float(np.random.standard_normal())


def say(line: str = "") -> None:
    """Print a line, and flush it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def sigmoid(z: Any) -> Array:
    """Return 1 / (1 + e^(-z)), equation (3), of a number or of each number of an array."""
    with np.errstate(over="ignore"):
        return _SIGMOID.value(np.asarray(z, float), np.empty(np.shape(z)))


def sigmoid_prime(z: Any) -> Array:
    """Return σ'(z) = σ(z) (1 - σ(z)) of a number or of each number of an array."""
    return _SIGMOID.derivative(sigmoid(z), np.empty(np.shape(z)))


def vectorized_result(j: int) -> Array:
    """Return the column (10, 1) with 1.0 in row j and 0.0 elsewhere."""
    column = np.zeros((10, 1))
    column[require_count("j", j, 0, 9)] = 1.0
    return column


def examples_of(name: str, data: Any, sizes: Sequence[int]) -> tuple[ArrayExamples, list[int]]:
    """Return a list of pairs (x, y) as examples, and the index of the example of each pair.

    x is a column, y a column or a digit. Columns that are rows of one array are not copied, in any
    order.
    """
    if not isinstance(data, Sequence):
        expected = f"expected a list of pairs (x, y), got {describe(data)}"
        raise DataError(f"{name}: {expected}: write list({name})")
    try:
        xs, ys = zip(*data)
    except (TypeError, ValueError):
        given = "none" if not len(data) else describe(data[0])
        raise DataError(f"{name}: expected pairs (x, y), got {given}") from None
    _require_columns(f"{name}, x", xs, sizes[0])
    rows, places = _views(xs, sizes[0]) or (_stacked(xs, sizes[0]), np.arange(len(xs)))
    if np.ndim(ys[0]) == 0:
        digits = np.empty(len(ys), object)
        digits[places] = ys
        return ArrayExamples(rows, digits.tolist(), classes=sizes[-1]), places.tolist()
    _require_columns(f"{name}, y", ys, sizes[-1])
    desired = np.empty((len(ys), sizes[-1]))
    desired[places] = _stacked(ys, sizes[-1])
    return ArrayExamples(rows, desired), places.tolist()


def _require_columns(name: str, columns: Sequence[Any], size: int) -> None:
    for i, column in enumerate(columns):
        if np.shape(column) not in ((size, 1), (size,)):
            raise ShapeError(f"{name} {i}: expected ({size}, 1), got {np.shape(column)}")


def _stacked(columns: Sequence[Any], size: int) -> Array:
    rows: Array = np.concatenate(columns).reshape(len(columns), size)
    return rows


def _views(columns: Sequence[Any], size: int) -> Optional[tuple[Array, Array]]:
    """Return the array of neighbouring rows whose views these columns are, and their indices.

    Return None if they are not such views, or if a row between the first and the last is missing.
    """
    base, strides = getattr(columns[0], "base", None), getattr(columns[0], "strides", ())
    if not isinstance(base, np.ndarray) or base.shape[1:] != (size,) or not base.flags.c_contiguous:
        return None
    if any(getattr(x, "base", None) is not base or x.strides != strides for x in columns):
        return None
    first = base.__array_interface__["data"][0]
    addresses = np.array([x.__array_interface__["data"][0] for x in columns])
    places, rest = np.divmod(addresses - first, base.strides[0])
    start, stop = int(places.min()), int(places.max()) + 1
    if rest.any() or strides[:1] != (base.itemsize,) or len(np.unique(places)) != stop - start:
        return None
    if stop - start != len(columns):
        return None
    return base[start:stop], places - start


class ColumnNetwork:
    """A network as in the book's programs: lists of weights (J, K) and of biases (J, 1).

    You can read and replace the numbers. The engine reads them before it works, and stores new
    arrays afterwards: an array that you kept does not change. If your subclass replaces a method,
    the program calls it as the book's program does; training then takes as long as in the book's
    program.
    """

    sizes: Sequence[int]
    biases: list[Array]
    weights: list[Array]

    # The differences of the programs, needed only if the reader replaces a method or a cost:
    _by_hand: Callable[[], bool]  # whether the reader defines the error of the output
    _output_error: Callable[[Array, Array, Array], Array]  # δ^L, of z, a and y
    _example_cost: Callable[[Array, Array], float]  # C_x, of a and y
    _update: Callable[[Any, Settings, int], None]  # calls update_mini_batch, like the program
    _scored: Callable[[str, Any, float], Score]  # calls the methods that evaluate a data set

    def __init__(self, sizes: Sequence[int], cost: str, rng: Optional[RandomSource]) -> None:
        self._rng = GlobalRandom() if rng is None else random_source(rng=rng)
        self.num_layers = len(sizes)
        self.sizes = sizes
        self._cost_name = cost
        self._fast: Optional[Engine] = None

    def _draw(self, init: str) -> None:
        self._fast = Engine(list(self.sizes), cost=self._cost_name, init=init, rng=self._rng)
        self._take_back()

    def _replaces(self, *methods: str) -> bool:
        """Return whether the reader's class or object replaces one of these methods."""
        theirs = [each for each in type(self).__mro__ if not each.__module__.startswith("tinynn.")]
        return any(name in vars(each) for each in (self, *theirs) for name in methods)

    def _engine(self) -> Engine:
        """Return the engine's network with the current numbers."""
        if self._fast is None:
            self._fast = Engine(list(self.sizes), cost=self._cost_name, seed=0)
        pairs = (("biases", self.biases), ("weights", self.weights))
        for name, ours in pairs:
            for i, (array, theirs) in enumerate(zip(ours, getattr(self._fast, name))):
                wanted = theirs.shape if name == "weights" else (len(theirs), 1)
                if np.shape(array) != wanted:
                    raise ShapeError(f"{name}[{i}]: expected {wanted}, got {np.shape(array)}")
                theirs[...] = np.reshape(array, theirs.shape)
        return self._fast

    def _take_back(self) -> None:
        engine = self._fast
        assert engine is not None
        self.biases = [b[:, np.newaxis].copy() for b in engine.biases]
        self.weights = [w.copy() for w in engine.weights]

    def feedforward(self, a: Any) -> Array:
        """Return the output for the column ``a`` (K, 1), or for many of them (K, m)."""
        activations: Array = np.asarray(a)
        with np.errstate(over="ignore"):
            for b, w in zip(self.biases, self.weights):
                activations = activation(weighted_input(w, activations, b))
        return activations

    def backprop(self, x: Any, y: Any) -> tuple[list[Array], list[Array]]:
        """Return (nabla_b, nabla_w), the gradient of the cost of one example, (BP1)-(BP4)."""
        if not self._by_hand():
            one, _ = examples_of("example", [(x, y)], self.sizes)
            nabla_b, nabla_w = self._engine().backprop_mini_batch(one)
            return [b[:, np.newaxis] for b in nabla_b], nabla_w
        activations, z = [np.asarray(x, float)], []
        with np.errstate(over="ignore"):
            for b, w in zip(self.biases, self.weights):
                z.append(weighted_input(w, activations[-1], b))
                activations.append(activation(z[-1]))
        deltas = [np.asarray(self._output_error(z[-1], activations[-1], np.asarray(y)))]
        for w, before in zip(self.weights[:0:-1], z[-2::-1]):
            deltas.insert(0, hidden_error(w, deltas[0], sigmoid_prime(before)))
        return deltas, [delta @ a.T for delta, a in zip(deltas, activations)]

    def _step(self, mini_batch: Any, eta: float, lmbda: float = 0.0, n: int = 1) -> None:
        if self._by_hand() or self._replaces("backprop"):
            self._sum_and_step(mini_batch, eta, lmbda, n)
            return
        batch, _ = examples_of("mini_batch", mini_batch, self.sizes)
        self._engine().update_mini_batch(batch, eta, lmbda, n)
        self._take_back()

    def _sum_and_step(self, mini_batch: Any, eta: float, lmbda: float, n: int) -> None:
        """Add up the gradients of ``backprop``, and take the step."""
        m = len(mini_batch)
        nabla_b, nabla_w = [[np.zeros(v.shape) for v in own] for own in (self.biases, self.weights)]
        for x, y in mini_batch:
            for sums, found in zip((nabla_b, nabla_w), self.backprop(x, y)):
                for total, one in zip(sums, found):
                    total += one
        shrink, rate = np.asarray(1.0 - eta * lmbda / n), eta / m
        self.weights = [
            l2_updated_weights(w, rate * nabla, shrink) for w, nabla in zip(self.weights, nabla_w)
        ]
        self.biases = [updated_biases(b, rate * nabla) for b, nabla in zip(self.biases, nabla_b)]

    def _score(self, name: str, data: Any, lmbda: float = 0.0) -> Score:
        if not self._by_hand() and not self._replaces("feedforward"):
            engine = self._engine()
            examples, _ = examples_of(name, data, self.sizes)
            return measured(engine, engine._prepare(name, examples), lmbda)
        correct, costs = 0, 0.0
        for x, y in data:
            a = self.feedforward(x)
            desired = y if np.ndim(y) else np.eye(len(a))[:, [y]]
            correct += int(np.argmax(a) == np.argmax(desired))
            costs += self._example_cost(a, desired)
        squares = sum(float(np.sum(w**2)) for w in self.weights)
        return Score(correct, len(data), (costs + lmbda / 2 * squares) / len(data))

    def _epochs(
        self, training_data: Any, settings: Settings, data: Mapping[str, Any]
    ) -> Iterator[dict[str, Score]]:
        """Train, and yield after every epoch the scores on ``data``, by the names of its sets.

        The caller's list is shuffled, as in the book's programs. Training continues if numbers
        leave the range of floats; such a network answers 0.
        """
        if not isinstance(training_data, list):
            expected = f"expected a list, got {describe(training_data)}"
            raise ArgumentError(f"training_data: {expected}: write list(training_data)")
        settings = settings.checked()
        if self._by_hand() or self._replaces(*_STEPS):
            yield from self._epochs_by_hand(training_data, settings, data)
            return
        engine = self._engine()
        given = {**data, "training_data": training_data}
        found = {name: examples_of(name, each, self.sizes) for name, each in given.items()}
        prepared = {name: engine._prepare(name, each) for name, (each, _) in found.items()}
        learnt, order = prepared["training_data"], found["training_data"][1]
        pairs = dict(zip(order, training_data))
        masks = Masks({}, self._rng)
        try:
            for _ in range(settings.epochs):
                self._rng.shuffle(order)
                with np.errstate(all="ignore"):
                    for _ in engine._learn(learnt, order, settings, None, masks):
                        pass
                yield {name: measured(engine, prepared[name], settings.lmbda) for name in data}
        finally:
            self._take_back()
            training_data[:] = [pairs[i] for i in order]

    def _epochs_by_hand(
        self, training_data: list[Any], settings: Settings, data: Mapping[str, Any]
    ) -> Iterator[dict[str, Score]]:
        """Train method by method, like the programs, so that the reader's methods are called."""
        m = settings.mini_batch_size
        for _ in range(settings.epochs):
            self._rng.shuffle(training_data)
            for start in range(0, len(training_data), m):
                self._update(training_data[start : start + m], settings, len(training_data))
            yield {name: self._scored(name, each, settings.lmbda) for name, each in data.items()}


def measured(engine: Model, prepared: Any, lmbda: float) -> Score:
    """Return the right answers, and the cost with λ/2n Σ_w w², where n is the size of the set."""
    with np.errstate(all="ignore"):
        return engine._penalised(engine._score(prepared), lmbda, len(prepared), "L2")
