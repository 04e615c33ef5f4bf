"""Pooling over a mini-batch, by strided views of the maps before it."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np

from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.pooling import (
    blocks_view,
    l2_pooled,
    l2_pooling_error,
    max_pooled,
    max_pooling_error,
    pooled_convolution,
)
from tinynn.fast.layers.convolution import ConvolutionLayer
from tinynn.fast.layers.layer import Forward, Layer
from tinynn.layers.descriptions import L2Pooling, MaxPooling
from tinynn.layers.layer import register_layer


class MaxPoolingLayer(Layer):
    """A pooling bound to m columns, read beside ``tinynn.layers.pooling``."""

    _pooled = staticmethod(max_pooled)
    _error = staticmethod(max_pooling_error)

    def __init__(self, description: MaxPooling, *others: Any) -> None:
        super().__init__(description, *others)
        self.size = description.window
        a = self.passed.a
        self.pooled = a.reshape(*self.shape, a.shape[1])
        self.work = np.empty(self.pooled.shape, bool), np.empty_like(self.pooled)
        self.after: Optional[ConvolutionLayer] = None
        self.in_blocks = False

    def take_over(self, layer: ConvolutionLayer, in_blocks: bool) -> None:
        """Add the biases of the convolution before, and take its σ, after the maximum.

        ``in_blocks`` lets it compute its places block by block, where no error goes back from it.
        """
        self.after = layer
        (_, P, Q), (R, S) = self.shape_before, self.size
        self.in_blocks = in_blocks and P % R == Q % S == 0
        layer.pooled_by(self.size if self.in_blocks else (1, 1))
        self.largest = np.empty_like(self.pooled)

    def _blocks(self, columns: Array) -> Array:
        """Return the numbers of the layer before, (FPQ, m), as maps of blocks: a view."""
        if not self.in_blocks:
            return blocks_view(columns.reshape(*self.shape_before, -1), self.size)
        (F, J, K), (R, S) = self.shape, self.size
        return columns.reshape(F, R, S, J, K, -1).transpose(0, 3, 1, 4, 2, 5)

    def forward(self, activations: Array) -> Forward:
        """Fill a^l with one number of each block of a^{l-1}: (max), or (√Σ)."""
        passed, maps = self.passed, self._blocks(activations)
        if self.after is not None:
            biases, out = self.after.bias_column, passed.a.reshape(self.shape[0], -1)
            pooled_convolution(maps, biases, passed.function, out, self.largest)
            return passed
        self._pooled(maps, self.pooled)
        if passed.z is not passed.a:
            passed.z[...] = passed.a
        return passed

    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} from δ^l: (max·δ), or (√Σ·δ)."""
        pooled, sigma_prime = self.pooled, None
        if self.after is not None:
            pooled = self.largest
        else:
            sigma_prime = self._blocks(before.sigma_prime)
        parts = self._blocks(before.a), pooled, error.reshape(pooled.shape), sigma_prime
        self._error(*parts, self._blocks(before.delta), self.work)
        return before.delta


class L2PoolingLayer(MaxPoolingLayer):
    """The same, of the length of a block."""

    _pooled = staticmethod(l2_pooled)
    _error = staticmethod(l2_pooling_error)


register_layer(MaxPooling, fast=MaxPoolingLayer)
register_layer(L2Pooling, fast=L2PoolingLayer)
