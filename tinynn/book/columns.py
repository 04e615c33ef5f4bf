"""The base of ``network`` and ``network2``: columns of numbers and a loop over the engine."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

import numpy as np

from tinynn.datasets import ArrayExamples
from tinynn.errors import ArgumentError, DataError, ShapeError, describe, require_count
from tinynn.fast import Network as Engine
from tinynn.fast.equations.activations import FAST_ACTIVATIONS, Array
from tinynn.fast.equations.dense import activation, weighted_input
from tinynn.model import Model
from tinynn.randomness import BookRandom, Masks, RandomSource, random_source
from tinynn.training.reports import Score
from tinynn.training.settings import Settings

_SIGMOID = FAST_ACTIVATIONS["sigmoid"]


class GlobalRandom(BookRandom):
    """The global generators of the process, which the book's programs use.

    ``np.random.seed`` fixes the weights and ``random.seed`` the shuffles, made as in Python 2: so
    a figure program of the book reproduces its numbers.
    """

    def __init__(self) -> None:
        self._shuffles = random  # type: ignore[assignment]  # the module itself has random()

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
    arrays afterwards: an array that you kept does not change.
    """

    sizes: Sequence[int]
    biases: list[Array]
    weights: list[Array]

    def __init__(
        self, sizes: Sequence[int], cost: str, init: str, rng: Optional[RandomSource]
    ) -> None:
        self._rng = GlobalRandom() if rng is None else random_source(rng=rng)
        self.num_layers = len(sizes)
        self.sizes = sizes
        self._cost_name = cost
        self._draw(init)

    def _draw(self, init: str) -> None:
        self._fast = Engine(list(self.sizes), cost=self._cost_name, init=init, rng=self._rng)
        self._take_back()

    def _engine(self) -> Engine:
        """Return the engine's network with the current numbers."""
        pairs = (("biases", self.biases), ("weights", self.weights))
        for name, ours in pairs:
            for i, (array, theirs) in enumerate(zip(ours, getattr(self._fast, name))):
                wanted = theirs.shape if name == "weights" else (len(theirs), 1)
                if np.shape(array) != wanted:
                    raise ShapeError(f"{name}[{i}]: expected {wanted}, got {np.shape(array)}")
                theirs[...] = np.reshape(array, theirs.shape)
        return self._fast

    def _take_back(self) -> None:
        self.biases = [b[:, np.newaxis].copy() for b in self._fast.biases]
        self.weights = [w.copy() for w in self._fast.weights]

    def feedforward(self, a: Any) -> Array:
        """Return the output for the column ``a`` (K, 1), or for many of them (K, m)."""
        activations: Array = np.asarray(a)
        with np.errstate(over="ignore"):
            for b, w in zip(self.biases, self.weights):
                activations = activation(weighted_input(w, activations, b))
        return activations

    def backprop(self, x: Any, y: Any) -> tuple[list[Array], list[Array]]:
        """Return (nabla_b, nabla_w), the gradient of the cost of one example, (BP1)-(BP4)."""
        one, _ = examples_of("example", [(x, y)], self.sizes)
        nabla_b, nabla_w = self._engine().backprop_mini_batch(one)
        return [b[:, np.newaxis] for b in nabla_b], nabla_w

    def _step(self, mini_batch: Any, eta: float, lmbda: float = 0.0, n: int = 0) -> None:
        batch, _ = examples_of("mini_batch", mini_batch, self.sizes)
        self._engine().update_mini_batch(batch, eta, lmbda, n)
        self._take_back()

    def _score(self, name: str, data: Any, lmbda: float = 0.0) -> Score:
        engine = self._engine()
        examples, _ = examples_of(name, data, self.sizes)
        return measured(engine, engine._prepare(name, examples), lmbda)

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
        settings, engine = settings.checked(), self._engine()
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


def measured(engine: Model, prepared: Any, lmbda: float) -> Score:
    """Return the right answers, and the cost with λ/2n Σ_w w², where n is the size of the set."""
    with np.errstate(all="ignore"):
        return engine._penalised(engine._score(prepared), lmbda, len(prepared), "L2")
