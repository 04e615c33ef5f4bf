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
    """A pooling layer bound to m columns; compare ``tinynn.layers.pooling``."""

    _pooled: Any = staticmethod(max_pooled)
    _error: Any = staticmethod(max_pooling_error)

    def __init__(self, description: MaxPooling, *others: Any) -> None:
        super().__init__(description, *others)
        self.size = description.window
        (F, J, K), (R, S), m = self.shape, self.size, self.passed.a.shape[1]
        self.pooled = self.passed.a.reshape(F, J, K, m)
        self.work = np.empty(self.pooled.shape, bool), np.empty_like(self.pooled)
        self.after: Optional[ConvolutionLayer] = None
        self.in_blocks = False  # whether the layer before orders its places by blocks
        self.maps, self.delta, self.sigma_prime = (
            _by_blocks(np.empty((F, R, S, J, K, m), self.pooled.dtype)) for _ in range(3)
        )

    def take_over(self, layer: ConvolutionLayer, in_blocks: bool) -> None:
        """Add the biases of the convolution before, and apply its σ, after the maximum.

        ``in_blocks`` orders its places by blocks, if it passes no error back.
        """
        (_, P, Q), (R, S) = self.shape_before, self.size
        self.after, self.in_blocks = layer, in_blocks and P % R == Q % S == 0
        layer.pooled_by(self.size if self.in_blocks else (1, 1), self.passed.delta)
        self.largest = np.empty_like(self.pooled)
        if self.in_blocks:
            (F, J, K), arrays = self.shape, (layer.passed.a, layer.passed.delta)
            self.maps, self.delta = (_by_blocks(a.reshape(F, R, S, J, K, -1)) for a in arrays)

    def _blocks_of(self, columns: Array) -> Array:
        """Return the numbers of the layer before, (FPQ, m), as maps of blocks: a view."""
        return blocks_view(columns.reshape(*self.shape_before, -1), self.size)

    def forward(self, activations: Array) -> Forward:
        """Fill a^l with one number for each block of a^{l-1}: (max), or (√Σ)."""
        passed = self.passed
        if not self.in_blocks:
            np.copyto(self.maps, self._blocks_of(activations))  # in the order of blocks
        if self.after is not None:
            biases, out = self.after.bias_column, passed.a.reshape(self.shape[0], -1)
            pooled_convolution(self.maps, biases, passed.function, out, self.largest)
            return passed
        self._pooled(self.maps, self.pooled)
        if passed.z is not passed.a:
            passed.z[...] = passed.a
        return passed

    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} from δ^l: (max·δ), or (√Σ·δ)."""
        if self.after is not None:  # the error already includes σ'
            self._error(self.maps, self.largest, error, None, self.delta, self.work)
        else:
            np.copyto(self.sigma_prime, self._blocks_of(before.sigma_prime))
            parts = self.maps, self.pooled, error, self.sigma_prime
            self._error(*parts, self.delta, self.work)
        if not self.in_blocks:
            np.copyto(self._blocks_of(before.delta), self.delta)
        return before.delta


def _by_blocks(blocks: Array) -> Array:
    """Return numbers (F, R, S, J, K, m) as maps of blocks: a view."""
    return blocks.transpose(0, 3, 1, 4, 2, 5)


class L2PoolingLayer(MaxPoolingLayer):
    """The same layer with the length of a block."""

    _pooled = staticmethod(l2_pooled)
    _error = staticmethod(l2_pooling_error)


register_layer(MaxPooling, fast=MaxPoolingLayer)
register_layer(L2Pooling, fast=L2PoolingLayer)
