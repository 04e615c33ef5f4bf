"""The fully connected layer: its forward pass and its backpropagation, (BP2) to (BP4)."""

from __future__ import annotations

from tinynn.activations import SOFTMAX, Activation
from tinynn.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    weight_gradient,
    weighted_input,
)
from tinynn.equations.softmax import softmax
from tinynn.errors import require_kind
from tinynn.layers.descriptions import Dense, Shape
from tinynn.layers.layer import Forward, Layer, LayerGradient, register_layer
from tinynn.linalg import Matrix, Vector
from tinynn.notation import equation


class DenseLayer(Layer):
    """A dense layer l: neuron j has bias b_j and a weight w_jk from each neuron k before it.

    >>> layer = DenseLayer(Dense(2), (2,), Vector([0, -1]), Matrix([[1, 2], [3, 4]]))
    >>> layer
    <Dense layer of 2 sigmoid neurons after 2>
    >>> z, a, _ = layer.forward(Vector([0, 0]))
    >>> z, a[0]
    (Vector([0.0, -1.0]), 0.5)
    """

    __slots__ = ("_function",)

    def __init__(
        self, description: Dense, shape_before: Shape, biases: Vector, weights: Matrix
    ) -> None:
        require_kind("description", description, Dense, "Dense(30)")
        super().__init__(description, shape_before, biases, weights)
        self._function = description.activation

    @property
    def function(self) -> Activation:
        """The activation function of its neurons."""
        return self._function

    @equation("25", "a^l = σ(w^l a^{l-1} + b^l)")
    @equation("23", "a^l_j = σ(Σ_k w^l_jk a^{l-1}_k + b^l_j)")
    @equation("22", "a' = σ(w a + b)")
    def forward(self, activations: Vector) -> Forward:
        """Return the weighted inputs z^l and activations a^l, from a^{l-1}: (22), (23), (25)."""
        z = weighted_input(self._weights, activations, self._biases)
        a = softmax(z) if self._function == SOFTMAX else activation(z, self._function)
        return Forward(z, a, self._function)

    def error_before(self, error: Vector, before: Forward) -> Vector:
        """Return δ^{l-1} from δ^l: (BP2)."""
        return hidden_error(self._weights, error, before.z, before.function)

    def add_gradient(self, activations: Vector, error: Vector, sums: LayerGradient) -> None:
        """Add ∂C/∂b^l and ∂C/∂w^l into ``sums``: (BP3) and (BP4)."""
        bias_gradient(error, sums.biases)
        weight_gradient(activations, error, sums.weights)

    def __repr__(self) -> str:
        neurons, inputs = self._weights.shape
        return f"<Dense layer of {neurons} {self._function.name} neurons after {inputs}>"


register_layer(Dense, pure=DenseLayer)
