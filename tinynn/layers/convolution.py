"""The convolutional layer: its forward pass and its backpropagation, (BP2c) to (BP4c)."""

from __future__ import annotations

from tinynn.equations.convolution import (
    convolution_error,
    convolved_input,
    shared_bias_gradient,
    shared_weight_gradient,
)
from tinynn.equations.dense import activation
from tinynn.errors import require_kind
from tinynn.layers.descriptions import Convolution, Shape
from tinynn.layers.layer import Forward, Layer, LayerGradient, register_layer
from tinynn.linalg import Matrix, Vector


class ConvolutionLayer(Layer):
    """A convolutional layer l: map f has bias b_f, and weights w_f,grs for each map g before it.

    >>> layer = ConvolutionLayer(Convolution(1, (1, 2)), (1, 1, 3), Vector([0]), Matrix([[1, -1]]))
    >>> layer.forward(Vector([2, 2, 5])).z
    Vector([0.0, -3.0])
    """

    __slots__ = ()
    description: Convolution

    def __init__(
        self, description: Convolution, shape_before: Shape, biases: Vector, weights: Matrix
    ) -> None:
        require_kind("description", description, Convolution, "Convolution(20, 5)")
        super().__init__(description, shape_before, biases, weights)

    def forward(self, activations: Vector) -> Forward:
        """Return the weighted inputs z^l and activations a^l, from a^{l-1}: (125)."""
        where = self.shape_before, self.description.window
        z = convolved_input(self._weights, self._biases, activations, *where)
        function = self.description.activation
        return Forward(z, activation(z, function), function)

    def error_before(self, error: Vector, before: Forward) -> Vector:
        """Return δ^{l-1} from δ^l: (BP2c)."""
        where = self.shape_before, self.description.window
        return convolution_error(self._weights, error, *where, before.z, before.function)

    def add_gradient(self, activations: Vector, error: Vector, sums: LayerGradient) -> None:
        """Add ∂C/∂b^l and ∂C/∂w^l into ``sums``: (BP3c) and (BP4c)."""
        where = self.shape_before, self.description.window
        shared_bias_gradient(error, self.shape, sums.biases)
        shared_weight_gradient(activations, *where, error, sums.weights)


register_layer(Convolution, pure=ConvolutionLayer)
