"""The dropout layer: it drops neurons in training, and scales them when the network answers."""

from __future__ import annotations

from collections.abc import Sequence

from tinynn.activations import LINEAR
from tinynn.equations.dropout import masked_activation, masked_error
from tinynn.errors import require_kind
from tinynn.layers.descriptions import Dropout, Shape
from tinynn.layers.layer import Forward, Layer, register_layer, size_of
from tinynn.linalg import Vector


class DropoutLayer(Layer):
    """A dropout layer l: activation j is that of the layer before, times r_j.

    In training r_j is 1 or 0, with a new mask for each mini-batch. Otherwise it is 1 - p.

    >>> layer = DropoutLayer(Dropout(0.25), (2,))
    >>> layer.forward(Vector([1, 2])).a, layer.masked([0, 1]).forward(Vector([1, 2])).a
    (Vector([0.75, 1.5]), Vector([0.0, 2.0]))
    """

    __slots__ = ("mask",)

    def __init__(
        self, description: Dropout, shape_before: Shape, biases: None = None, weights: None = None
    ) -> None:
        require_kind("description", description, Dropout, "Dropout(0.5)")
        super().__init__(description, shape_before, biases, weights)
        self.mask = Vector([1.0 - description.p] * size_of(self.shape))

    def masked(self, mask: Sequence[float]) -> DropoutLayer:
        """Return this layer with the mask r of one mini-batch."""
        layer: DropoutLayer = self.copy()
        layer.mask = Vector(mask)
        return layer

    def forward(self, activations: Vector) -> Forward:
        """Return a^{l-1} times the mask: (r⊙a)."""
        a = masked_activation(self.mask, activations)
        return Forward(a, a, LINEAR)

    def error_before(self, error: Vector, before: Forward) -> Vector:
        """Return δ^{l-1} from δ^l: (r⊙δ)."""
        return masked_error(self.mask, error, before.z, before.function)


register_layer(Dropout, pure=DropoutLayer)
