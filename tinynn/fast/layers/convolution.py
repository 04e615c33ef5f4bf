"""A convolution over a mini-batch: its windows are copied out, for one matrix product."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tinynn.equations.maps import Size
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.convolution import (
    Folding,
    Windows,
    convolution_error,
    convolved_input,
    shared_bias_gradient,
    shared_weight_gradient,
)
from tinynn.fast.equations.dense import activation
from tinynn.fast.layers.layer import Forward, Layer, LayerGradient
from tinynn.layers.descriptions import Convolution
from tinynn.layers.layer import register_layer


class ConvolutionLayer(Layer):
    """A convolution bound to m columns; compare ``tinynn.layers.convolution``."""

    def __init__(self, description: Convolution, *others: Any) -> None:
        super().__init__(description, *others)
        a = self.passed.a
        self.m, maps = a.shape[1], self.shape[0]
        self.z, self.a = self.passed.z.reshape(maps, -1), a.reshape(maps, -1)
        self.ones = np.ones(self.a.shape[1], a.dtype)
        self.where = self.shape_before, description.window
        self.windows = Windows(*self.where, self.m, a.dtype.name)
        self.pooled: Optional[Array] = None  # the error of the max-pooling that applies σ
        self._work: Optional[Folding] = None

    def pooled_by(self, block: Size, error: Array) -> None:
        """Leave biases and σ to the next layer, a max-pooling, and order places by its blocks.

        Blocks of 1×1 keep the places row by row, as ``error_before`` requires. The ``error`` of
        the pooling has the same sum over a map as the error of this layer.
        """
        self.pooled = error
        self.ones = np.ones(error.size // self.shape[0], error.dtype)
        self.windows = Windows(*self.where, self.m, self.a.dtype.name, block)

    def forward(self, activations: Array) -> Forward:
        """Fill z^l and a^l from a^{l-1}: (125). If pooled, fill only z^l, without b^l."""
        windows = self.windows.take(activations)
        if self.pooled is not None:
            np.dot(self.weights, windows, self.z)
        else:
            convolved_input(self.weights, self.bias_column, windows, self.z)
            activation(self.z, self.passed.function, self.a)
        return self.passed

    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} from δ^l: (BP2c)."""
        if self._work is None:
            self._work = Folding(self.shape[0], *self.where, self.m, error.dtype.name)
        parts = self.weights, error, *self.where, before.sigma_prime
        return convolution_error(*parts, before.delta, self._work)

    def add_gradient(self, activations: Array, error: Array, sums: LayerGradient) -> None:
        """Fill the sums of the mini-batch: (BP3c) and (BP4c)."""
        shared_bias_gradient(error if self.pooled is None else self.pooled, self.ones, sums.biases)
        shared_weight_gradient(self.windows.whole, error, sums.weights)


register_layer(Convolution, fast=ConvolutionLayer)
