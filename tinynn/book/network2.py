"""``network2.py`` of chapter 3: the cross-entropy, regularisation, better first weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Optional

import numpy as np

from tinynn.book.columns import (
    ColumnNetwork,
    say,
    sigmoid,
    sigmoid_prime,
    vectorized_result,
)
from tinynn.errors import ArgumentError, DataError, describe
from tinynn.fast.equations import costs
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.dense import output_error
from tinynn.files import FilePath, write_atomically
from tinynn.randomness import RandomSource
from tinynn.training.reports import Score
from tinynn.training.settings import Settings

__all__ = [
    "CrossEntropyCost",
    "Network",
    "QuadraticCost",
    "load",
    "sigmoid",
    "sigmoid_prime",
    "vectorized_result",
]


class QuadraticCost:
    """The quadratic cost of chapter 1."""

    engine = "quadratic"

    @staticmethod
    def fn(a: Array, y: Array) -> float:
        """Return C_x = ‖y - a‖² / 2, equation (27)."""
        return float(costs.quadratic(a, y).sum())

    @staticmethod
    def delta(z: Array, a: Array, y: Array) -> Array:
        """Return δ^L = (a - y) ⊙ σ'(z), equation (30)."""
        return output_error(costs.quadratic_derivative(a, y), sigmoid_prime(z))


class CrossEntropyCost:
    """The cross-entropy, (63)."""

    engine = "cross-entropy"

    @staticmethod
    def fn(a: Array, y: Array) -> float:
        """Return C_x = -Σ_j [y_j ln a_j + (1 - y_j) ln(1 - a_j)]; 0 ln 0 is 0."""
        return float(np.nan_to_num(costs.cross_entropy(a, y)).sum())

    @staticmethod
    def delta(z: Array, a: Array, y: Array) -> Array:
        """Return δ^L = a - y, equation (66); z is not needed."""
        return costs.matched_error(a, y)


_COSTS = {cost.__name__: cost for cost in (QuadraticCost, CrossEntropyCost)}
Monitored = tuple[list[float], list[int], list[float], list[int]]


class Network(ColumnNetwork):
    """A network of these sizes, with first weights from N(0, 1/√n_in) by default.

    ``rng`` replaces the global random generators.

    >>> from tinynn.randomness import BookRandom
    >>> net = Network([2, 3, 10], cost=QuadraticCost, rng=BookRandom(12345678))
    >>> data = [([[1.0], [0.5]], vectorized_result(7))]
    >>> monitored = net.SGD(data, 1, 1, 3.0, monitor_training_accuracy=True)
    Epoch 0 training complete
    Accuracy on training data: 0 / 1
    <BLANKLINE>
    >>> monitored
    ([], [], [], [0])
    """

    def __init__(
        self,
        sizes: Sequence[int],
        cost: Any = CrossEntropyCost,
        *,
        rng: Optional[RandomSource] = None,
    ) -> None:
        if not all(callable(getattr(cost, name, None)) for name in ("fn", "delta")):
            expected = f"expected a class with fn(a, y) and delta(z, a, y), got {describe(cost)}"
            raise ArgumentError(f"cost: {expected}: write cost=network2.CrossEntropyCost")
        self.cost = cost
        super().__init__(sizes, getattr(cost, "engine", "cross-entropy"), rng)
        self.default_weight_initializer()

    def default_weight_initializer(self) -> None:
        """Draw biases from N(0, 1) and weights from N(0, 1/√n_in)."""
        self._draw("scaled")

    def large_weight_initializer(self) -> None:
        """Draw biases and weights from N(0, 1), as in chapter 1."""
        self._draw("large")

    def SGD(
        self,
        training_data: Any,
        epochs: int,
        mini_batch_size: int,
        eta: float,
        lmbda: float = 0.0,
        evaluation_data: Any = None,
        monitor_evaluation_cost: bool = False,
        monitor_evaluation_accuracy: bool = False,
        monitor_training_cost: bool = False,
        monitor_training_accuracy: bool = False,
    ) -> Monitored:
        """Train, print the monitored numbers after every epoch, and return them.

        Return four lists: costs and counts of right answers on the evaluation data, then on the
        training data. The list of a number that is not monitored is empty.
        """
        found: Monitored = ([], [], [], [])
        flags = {
            "training": (monitor_training_cost, monitor_training_accuracy),
            "evaluation": (monitor_evaluation_cost, monitor_evaluation_accuracy),
        }
        lists = {"evaluation": found[:2], "training": found[2:]}
        given = {"training": training_data, "evaluation": evaluation_data or None}
        if any(flags["evaluation"]) and given["evaluation"] is None:
            write = "write evaluation_data=validation_data"
            raise ArgumentError(f"evaluation_data: expected data to monitor, got none: {write}")
        data = {f"{name}_data": given[name] for name in flags if any(flags[name])}
        settings = Settings(epochs, mini_batch_size, eta, lmbda)
        for epoch, scores in enumerate(self._epochs(training_data, settings, data)):
            say(f"Epoch {epoch} training complete")
            for name, (monitor_cost, monitor_accuracy) in flags.items():
                costs, counts = lists[name]
                score = scores.get(f"{name}_data")
                if monitor_cost and score:
                    costs.append(score.cost)
                    say(f"Cost on {name} data: {score.cost}")
                if monitor_accuracy and score:
                    counts.append(score.correct)
                    say(f"Accuracy on {name} data: {score.correct} / {score.total}")
            say()
        return found

    def update_mini_batch(self, mini_batch: Any, eta: float, lmbda: float, n: int) -> None:
        """Take one step on these examples, equations (93) and (94). n counts all examples."""
        self._step(mini_batch, eta, lmbda, n)

    def accuracy(self, data: Any, convert: bool = False) -> int:
        """Return the number of right answers. ``convert`` is True for training data."""
        return self._score("data", data).correct

    def total_cost(self, data: Any, lmbda: float, convert: bool = False) -> float:
        """Return the cost of a data set with λ/2n Σ_w w², where n is the size of the set.

        ``convert`` is True if the y are digits.
        """
        return self._score("data", data, lmbda).cost

    def save(self, filename: FilePath) -> None:
        """Write the network to a JSON file in the book's format, for ``load``."""
        numbers = {
            "sizes": list(self.sizes),
            "weights": [w.tolist() for w in self.weights],
            "biases": [b.tolist() for b in self.biases],
            "cost": self.cost.__name__,
        }
        write_atomically(filename, json.dumps(numbers))

    def _by_hand(self) -> bool:
        known = self.cost in _COSTS.values() and self.cost.engine == self._cost_name
        return not known

    def _output_error(self, z: Array, a: Array, y: Array) -> Array:
        return np.asarray(self.cost.delta(z, a, y))

    def _example_cost(self, a: Array, y: Array) -> float:
        return float(self.cost.fn(a, y))

    def _update(self, mini_batch: Any, settings: Settings, n: int) -> None:
        self.update_mini_batch(mini_batch, settings.eta, settings.lmbda, n)

    def _scored(self, name: str, data: Any, lmbda: float) -> Score:
        learnt = name == "training_data"
        correct = self.accuracy(data, convert=learnt)
        return Score(correct, len(data), self.total_cost(data, lmbda, convert=not learnt))


def load(filename: FilePath, cost: Any = None) -> Network:
    """Read a network that ``save`` wrote, here or in the book's program.

    ``cost`` is your cost class, if the network was saved with one. Raises DataError for any other
    file, OSError if the file cannot be read.
    """
    with open(filename, encoding="utf-8") as file:
        text = file.read()
    try:
        numbers = json.loads(text)
        net = Network(numbers["sizes"], cost or _COSTS[numbers["cost"]])
        net.weights = [np.array(w, float) for w in numbers["weights"]]
        net.biases = [np.array(b, float) for b in numbers["biases"]]
        net._engine()
    except (ValueError, TypeError, KeyError) as error:
        expected = "expected sizes, weights, biases and a cost, as network2.Network.save writes"
        raise DataError(f"{filename}: {expected}: {error}") from None
    return net
