"""One neuron at a time: the perceptron and the sigmoid neuron."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Union

from tinynn.activations import sigmoid, sigmoid_prime, step
from tinynn.linalg import Vector, finite_float, require_vector
from tinynn.notation import equation

Entries = Union[Vector, Iterable[float]]


@equation("w·x", "w · x = Σ_j w_j x_j", weighted_sum="w · x")
def weighted_sum(weights: Vector, inputs: Vector) -> float:
    """Return the sum in (1), which (2) writes as w · x = Σ_j w_j x_j.

    >>> weighted_sum(Vector([6, 2, 2]), Vector([1, 0, 1]))
    8.0
    """
    require_vector("weights", weights)
    require_vector("inputs", inputs, len(weights))
    w = weights.entries
    x = inputs.entries
    total = 0.0
    for j in range(len(w)):
        total += w[j] * x[j]
    return total


@equation("1", "output = 1 if Σ_j w_j x_j > threshold, else 0", total="sum")
def threshold_output(weights: Vector, inputs: Vector, threshold: float) -> float:
    """Return the perceptron's output in threshold form, equation (1).

    >>> threshold_output(Vector([6, 2, 2]), Vector([0, 1, 1]), 5.0)
    0.0
    """
    finite_float(threshold, "threshold")
    total = weighted_sum(weights, inputs)
    if total > threshold:
        return 1.0
    return 0.0


@equation("2", "output = 1 if w · x + b > 0, else 0", bias="b")
def perceptron_output(weights: Vector, inputs: Vector, bias: float) -> float:
    """Return the perceptron's output in bias form, equation (2); b = -threshold.

    >>> perceptron_output(Vector([-2, -2]), Vector([1, 1]), 3.0)
    0.0
    """
    finite_float(bias, "bias")
    z = weighted_sum(weights, inputs) + bias
    return step(z)


@equation("4", "output = 1 / (1 + e^(-Σ_j w_j x_j - b))", bias="b")
def sigmoid_neuron_output(weights: Vector, inputs: Vector, bias: float) -> float:
    """Return the sigmoid neuron's output σ(w · x + b), equation (4).

    >>> sigmoid_neuron_output(Vector([-2, -2]), Vector([1, 0.5]), 3.0)
    0.5
    """
    finite_float(bias, "bias")
    z = weighted_sum(weights, inputs) + bias
    return sigmoid(z)


@equation(
    "5",
    "Δoutput ≈ Σ_j ∂output/∂w_j Δw_j + ∂output/∂b Δb",
    bias="b",
    slope="σ'(z)",
    delta_w="Δw",
    delta_bias="Δb",
)
def output_change(
    weights: Vector, inputs: Vector, bias: float, delta_weights: Vector, delta_bias: float
) -> float:
    """Return the linear estimate of how small changes Δw and Δb change the output, equation (5).

    For a sigmoid neuron ∂output/∂w_j = σ'(z) x_j and ∂output/∂b = σ'(z).

    >>> w, x = Vector([-2, -2]), Vector([1, 0.5])
    >>> output_change(w, x, 3.0, delta_weights=Vector([0.1, 0.0]), delta_bias=0.1)
    0.05
    """
    require_vector("weights", weights)
    require_vector("delta_weights", delta_weights, len(weights))
    finite_float(bias, "bias")
    finite_float(delta_bias, "delta_bias")
    z = weighted_sum(weights, inputs) + bias
    slope = sigmoid_prime(z)
    x = inputs.entries
    delta_w = delta_weights.entries
    total = 0.0
    for j in range(len(x)):
        total += slope * x[j] * delta_w[j]
    total += slope * delta_bias
    return total


class _Neuron:
    """Weights and a bias, and the weighted input that every neuron computes first."""

    __slots__ = ("bias", "weights")

    def __init__(self, weights: Entries, bias: float) -> None:
        self.weights = Vector(weights)
        self.bias = finite_float(bias, "bias")

    def weighted_input(self, inputs: Entries) -> float:
        """Return z = w · x + b."""
        return weighted_sum(self.weights, Vector(inputs)) + self.bias

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_short(self.weights)}, {self.bias!r})"


class Perceptron(_Neuron):
    """A neuron that weighs its inputs and outputs 0 or 1, equation (2).

    ``weights`` is a Vector or any sequence of numbers. The larger the ``bias``, the more easily
    the neuron fires.

    >>> nand = Perceptron([-2, -2], 3)
    >>> [nand.output([p, q]) for p in (0, 1) for q in (0, 1)]
    [1.0, 1.0, 1.0, 0.0]
    """

    __slots__ = ()

    @classmethod
    def with_threshold(cls, weights: Entries, threshold: float) -> Perceptron:
        """Return the perceptron of equation (1), which fires above ``threshold``.

        >>> festival = Perceptron.with_threshold([6, 2, 2], 5)
        >>> festival.output([1, 0, 0]), festival.output([0, 1, 1])
        (1.0, 0.0)
        """
        return cls(weights, -finite_float(threshold, "threshold"))

    @property
    def threshold(self) -> float:
        """The threshold of equation (1): -b."""
        return -self.bias

    def output(self, inputs: Entries) -> float:
        """Return 1.0 or 0.0, equation (2)."""
        return perceptron_output(self.weights, Vector(inputs), self.bias)


class SigmoidNeuron(_Neuron):
    """A smooth perceptron: it outputs σ(w · x + b), between 0 and 1, equation (4).

    >>> SigmoidNeuron([-2, -2], 3).output([1, 0.5])
    0.5
    """

    __slots__ = ()

    def output(self, inputs: Entries) -> float:
        """Return σ(w · x + b), equation (4)."""
        return sigmoid_neuron_output(self.weights, Vector(inputs), self.bias)

    def output_change(self, inputs: Entries, delta_weights: Entries, delta_bias: float) -> float:
        """Return the linear estimate of Δoutput, equation (5)."""
        x = Vector(inputs)
        return output_change(self.weights, x, self.bias, Vector(delta_weights), delta_bias)


def _short(weights: Vector) -> Union[list[float], Vector]:
    return weights.to_list() if len(weights) <= 10 else weights
