"""The pooling layers: they reduce each block of a feature map to its largest or its length."""

from __future__ import annotations

from typing import Union

from tinynn.activations import LINEAR
from tinynn.equations.pooling import l2_pooled, l2_pooling_error, max_pooled, max_pooling_error
from tinynn.errors import require_kind
from tinynn.layers.descriptions import L2Pooling, MaxPooling, Shape
from tinynn.layers.layer import Forward, Layer, register_layer
from tinynn.linalg import Vector


class MaxPoolingLayer(Layer):
    """A max-pooling layer l: each activation is the largest of a block of the map before it.

    >>> MaxPoolingLayer(MaxPooling((1, 2)), (1, 1, 4)).forward(Vector([1, 3, 5, 2])).a
    Vector([3.0, 5.0])
    """

    __slots__ = ()
    description: Union[MaxPooling, L2Pooling]
    _kind: type = MaxPooling
    _pooled = staticmethod(max_pooled)
    _error = staticmethod(max_pooling_error)

    def __init__(
        self,
        description: MaxPooling,
        shape_before: Shape,
        biases: None = None,
        weights: None = None,
    ) -> None:
        require_kind("description", description, self._kind, f"{self._kind.__name__}(2)")
        super().__init__(description, shape_before, biases, weights)

    def forward(self, activations: Vector) -> Forward:
        """Return one number for each block of a^{l-1}: (max), or (√Σ)."""
        a = self._pooled(activations, self.shape_before, self.description.window)
        return Forward(a, a, LINEAR)

    def error_before(self, error: Vector, before: Forward) -> Vector:
        """Return δ^{l-1} from δ^l: (max·δ), or (√Σ·δ)."""
        where = self.shape_before, self.description.window
        return self._error(before.a, *where, error, before.z, before.function)


class L2PoolingLayer(MaxPoolingLayer):
    """An L2 pooling layer l: each activation is the length of a block of the map before it.

    >>> L2PoolingLayer(L2Pooling((1, 2)), (1, 1, 4)).forward(Vector([3, 4, 0, 2])).a
    Vector([5.0, 2.0])
    """

    __slots__ = ()
    _kind = L2Pooling
    _pooled = staticmethod(l2_pooled)
    _error = staticmethod(l2_pooling_error)


register_layer(MaxPooling, pure=MaxPoolingLayer)
register_layer(L2Pooling, pure=L2PoolingLayer)
