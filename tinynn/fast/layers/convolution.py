"""A convolution over a mini-batch: what its field sees is copied out, and one product serves all."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tinynn.equations.maps import Size
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.convolution import (
    Folding,
    convolution_error,
    convolved_input,
    folding,
    shared_bias_gradient,
    shared_weight_gradient,
    windows_view,
)
from tinynn.fast.equations.dense import activation
from tinynn.fast.layers.layer import Forward, Layer, LayerGradient
from tinynn.layers.descriptions import Convolution
from tinynn.layers.layer import register_layer


class ConvolutionLayer(Layer):
    """A convolution bound to m columns, read beside ``tinynn.layers.convolution``."""

    def __init__(self, description: Convolution, *others: Any) -> None:
        super().__init__(description, *others)
        self.field = description.window
        F, J, K = self.shape
        G, P, Q = self.shape_before
        R, S = self.field
        a = self.passed.a
        self.m = m = a.shape[1]
        self.maps = np.empty((G, P, Q, m), a.dtype)  # a^{l-1}
        self.windows = np.empty((G * R * S, J * K * m), a.dtype)
        self.ones = np.ones(J * K * m, a.dtype)
        self.z, self.a = (each.reshape(F, J * K * m) for each in (self.passed.z, a))
        self.is_pooled = False  # a pooling that follows adds the biases and takes σ
        self._work: Optional[Folding] = None
        self._views((1, 1))

    def _views(self, block: Size) -> None:
        self._seen = windows_view(self.maps, self.field, block)
        self._copied = self.windows.reshape(self._seen.shape)

    def pooled_by(self, block: Size) -> None:
        """Leave biases and σ to the max-pooling that follows; take places in the order of blocks.

        Blocks of 1×1 leave them in their order, which is what ``error_before`` asks for.
        """
        self.is_pooled = True
        self._views(block)

    def forward(self, activations: Array) -> Forward:
        """Fill z^l and a^l from a^{l-1}: (125)."""
        np.copyto(self.maps, activations.reshape(self.maps.shape))
        np.copyto(self._copied, self._seen)
        if self.is_pooled:
            np.dot(self.weights, self.windows, self.z)
        else:
            convolved_input(self.weights, self.bias_column, self.windows, self.z)
            activation(self.z, self.passed.function, self.a)
        return self.passed

    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} from δ^l: (BP2c)."""
        where = self.shape_before, self.field
        if self._work is None:
            self._work = folding(self.weights, *where, self.m)
        parts = self.weights, error, *where, before.sigma_prime
        return convolution_error(*parts, before.delta, self._work)

    def add_gradient(self, activations: Array, error: Array, sums: LayerGradient) -> None:
        """Fill the sums of the mini-batch: (BP3c) and (BP4c)."""
        delta = error.reshape(self.z.shape)
        shared_bias_gradient(delta, self.ones, sums.biases)
        shared_weight_gradient(self.windows, delta, sums.weights)


register_layer(Convolution, fast=ConvolutionLayer)
