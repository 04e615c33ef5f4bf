"""A custom kind of layer in both engines: one weight and one bias per neuron."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinynn.activations import SIGMOID, Activation
from tinynn.fast.equations.activations import Array
from tinynn.fast.layers import Forward as FastForward
from tinynn.fast.layers import Layer as FastLayer
from tinynn.fast.layers import LayerGradient as FastGradient
from tinynn.layers import Description, Forward, Layer, LayerGradient, Shape, register_layer
from tinynn.linalg import Matrix, Vector
from tinynn.notation import named


@dataclass(frozen=True)
class Scale(Description):
    """z_j = w_j a_j + b_j."""

    activation: Activation = SIGMOID

    def shape_after(self, before: Shape) -> Shape:
        return before

    def weight_shape(self, before: Shape) -> tuple[int, int]:
        return before[0], 1


@named(z="z^l", w="w^l", a="a^{l-1}", b="b^l")
def scaled_input(weights: Matrix, activations: Vector, biases: Vector) -> Vector:
    """Return z^l_j = w^l_j a^{l-1}_j + b^l_j."""
    w, a, b = weights.rows, activations.entries, biases.entries
    z = [0.0] * len(a)
    for j in range(len(a)):
        z[j] = w[j][0] * a[j] + b[j]
    return Vector.wrap(z)


class PureScale(Layer):
    """Scale on the loops."""

    description: Scale

    def forward(self, activations: Vector) -> Forward:
        """Return z, a = σ(z) and σ."""
        function = self.description.activation
        z = scaled_input(self.weights, activations, self.biases)
        return Forward(z, z.map(function.value), function)

    def error_before(self, error: Vector, before: Forward) -> Vector:
        """Return (BP2), where each neuron has one weight: δ^{l-1}_j = w_j δ^l_j σ'(z^{l-1}_j)."""
        slopes = before.z.map(before.function.derivative)
        return Vector([w[0] * d * s for w, d, s in zip(self.weights, error, slopes)])

    def add_gradient(self, activations: Vector, error: Vector, sums: LayerGradient) -> None:
        """Add (BP3), and (BP4) where each neuron has one weight."""
        for j in range(len(error)):
            sums.biases[j] += error[j]
            sums.weights[j][0] += activations[j] * error[j]


class FastScale(FastLayer):
    """Scale over arrays."""

    def forward(self, activations: Array) -> FastForward:
        """Return z = w a + b in columns, and a = σ(z)."""
        passed = self.passed
        np.multiply(self.weights, activations, passed.z)
        passed.z += self.bias_column
        passed.function.value(passed.z, passed.a)
        return passed

    def error_before(self, error: Array, before: FastForward) -> Array:
        """Return (BP2), one column per example."""
        delta: Array = np.multiply(self.weights * error, before.sigma_prime, before.delta)
        return delta

    def add_gradient(self, activations: Array, error: Array, sums: FastGradient) -> None:
        """Add (BP3) and (BP4), summed over the mini-batch."""
        np.sum(error, 1, out=sums.biases)
        np.sum(activations * error, 1, out=sums.weights, keepdims=True)


register_layer(Scale, pure=PureScale, fast=FastScale)
