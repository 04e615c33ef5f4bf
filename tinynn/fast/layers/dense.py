"""A fully connected layer over arrays."""

from __future__ import annotations

from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    weight_gradient,
    weighted_input,
)
from tinynn.fast.layers.layer import Forward, Layer, LayerGradient
from tinynn.layers.descriptions import Dense
from tinynn.layers.layer import register_layer


class DenseLayer(Layer):
    """A dense layer bound to m columns; compare ``tinynn.layers.dense``."""

    def forward(self, activations: Array) -> Forward:
        """Fill z^l and a^l from a^{l-1}: (25)."""
        passed = self.passed
        weighted_input(self.weights, activations, self.bias_column, passed.z)
        activation(passed.z, passed.function, passed.a)
        return passed

    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} from δ^l: (BP2)."""
        return hidden_error(self.weights, error, before.sigma_prime, before.delta)

    def add_gradient(self, activations: Array, error: Array, sums: LayerGradient) -> None:
        """Fill ``sums`` over the mini-batch: (BP3) and (BP4)."""
        nabla_b, nabla_w = sums
        bias_gradient(error, self.ones, nabla_b)
        weight_gradient(activations, error, nabla_w)


register_layer(Dense, fast=DenseLayer)
