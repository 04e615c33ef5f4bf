"""``network.py`` of chapter 1: sigmoid neurons, the quadratic cost, first weights from N(0, 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

import numpy as np

from tinynn.book.columns import ColumnNetwork, say, sigmoid, sigmoid_prime
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.costs import quadratic, quadratic_derivative
from tinynn.fast.equations.dense import output_error
from tinynn.randomness import RandomSource
from tinynn.training.reports import Score
from tinynn.training.settings import Settings

__all__ = ["Network", "sigmoid", "sigmoid_prime"]


class Network(ColumnNetwork):
    """A network of these sizes. ``rng`` replaces the global random generators.

    >>> from tinynn.book.columns import vectorized_result
    >>> from tinynn.randomness import BookRandom
    >>> net = Network([2, 3, 10], rng=BookRandom(12345678))
    >>> net.biases[0].shape, net.weights[0].shape, net.feedforward([[1.0], [0.5]]).shape
    ((3, 1), (3, 2), (10, 1))
    >>> net.SGD([([[1.0], [0.5]], vectorized_result(7))], 1, 1, 3.0)
    Epoch 0 complete
    """

    def __init__(self, sizes: Sequence[int], *, rng: Optional[RandomSource] = None) -> None:
        super().__init__(sizes, "quadratic", rng)
        self._draw("large")

    def SGD(
        self,
        training_data: Any,
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: Any = None,
    ) -> None:
        """Train by stochastic gradient descent, and print a line after every epoch."""
        settings = Settings(epochs, mini_batch_size, eta)
        data = {"test_data": test_data} if test_data else {}
        for epoch, scores in enumerate(self._epochs(training_data, settings, data)):
            if scores:
                correct, total, _ = scores["test_data"]
                say(f"Epoch {epoch}: {correct} / {total}")
            else:
                say(f"Epoch {epoch} complete")

    def update_mini_batch(self, mini_batch: Any, eta: float) -> None:
        """Take one step on these examples, equations (20) and (21)."""
        self._step(mini_batch, eta)

    def evaluate(self, test_data: Any) -> int:
        """Return the number of pairs (x, digit) that the network answers correctly."""
        return self._score("test_data", test_data).correct

    def cost_derivative(self, output_activations: Array, y: Array) -> Array:
        """Return ∂C_x/∂a^L = a^L - y."""
        return quadratic_derivative(output_activations, y)

    def _by_hand(self) -> bool:
        return self._replaces("cost_derivative")

    def _output_error(self, z: Array, a: Array, y: Array) -> Array:
        return output_error(np.asarray(self.cost_derivative(a, y)), sigmoid_prime(z))

    def _example_cost(self, a: Array, y: Array) -> float:
        return float(quadratic(a, y).sum())

    def _update(self, mini_batch: Any, settings: Settings, n: int) -> None:
        self.update_mini_batch(mini_batch, settings.eta)

    def _scored(self, name: str, data: Any, lmbda: float) -> Score:
        return Score(self.evaluate(data), len(data), 0.0)
