"""A fully connected layer: its weights, its biases, and its forward pass."""

from __future__ import annotations

from tinynn.activations import SIGMOID, Activation
from tinynn.equations import activation, weighted_input
from tinynn.errors import ShapeError
from tinynn.linalg import Matrix, Vector, require_matrix, require_vector, shape
from tinynn.notation import equation


class Dense:
    """Layer l of a network: neuron j has bias b_j and weights w_jk from each neuron k before it.

    ``weights`` is J×K and ``biases`` is J, for J neurons after K. Both can be replaced by ones of
    the same shape; anything else is a ShapeError.

    >>> layer = Dense(Matrix([[1, 2], [3, 4]]), Vector([0, -1]))
    >>> layer
    <Dense layer of 2 sigmoid neurons after 2>
    >>> z, a = layer.forward(Vector([0, 0]))
    >>> z, a[0]
    (Vector([0.0, -1.0]), 0.5)
    """

    __slots__ = ("_biases", "_function", "_weights")

    def __init__(self, weights: Matrix, biases: Vector, function: Activation = SIGMOID) -> None:
        require_matrix("weights", weights)
        require_vector("biases", biases, weights.shape[0])
        self._weights = weights.copy()
        self._biases = biases.copy()
        self._function = function

    @property
    def function(self) -> Activation:
        """The activation function of its neurons."""
        return self._function

    @property
    def weights(self) -> Matrix:
        """The matrix with entries w_jk: to neuron j of this layer, from neuron k before it."""
        return self._weights

    @weights.setter
    def weights(self, weights: Matrix) -> None:
        if not isinstance(weights, Matrix) or weights.shape != self._weights.shape:
            raise ShapeError(f"weights: expected a {shape(self._weights)}, got {shape(weights)}")
        self._weights = weights.copy()

    @property
    def biases(self) -> Vector:
        """The vector with entries b_j."""
        return self._biases

    @biases.setter
    def biases(self, biases: Vector) -> None:
        require_vector("biases", biases, len(self._biases))
        self._biases = biases.copy()

    def take(self, weights: Matrix, biases: Vector) -> None:
        """Take over these very objects, unchecked: for the step that has just computed them."""
        self._weights, self._biases = weights, biases

    @equation("25", "a^l = σ(w^l a^{l-1} + b^l)")
    @equation("23", "a^l_j = σ(Σ_k w^l_jk a^{l-1}_k + b^l_j)")
    @equation("22", "a' = σ(w a + b)")
    def forward(self, activations: Vector) -> tuple[Vector, Vector]:
        """Return the weighted inputs z^l and activations a^l, from a^{l-1}: (22), (23), (25)."""
        z = weighted_input(self._weights, activations, self._biases)
        a = activation(z, self._function)
        return z, a

    def is_finite(self) -> bool:
        """Say whether every weight and bias is a finite number."""
        return self._weights.is_finite() and self._biases.is_finite()

    def copy(self) -> Dense:
        """Return a layer of the same numbers that shares nothing with this one."""
        return Dense(self._weights, self._biases, self._function)

    __copy__ = copy

    def __repr__(self) -> str:
        neurons, inputs = self._weights.shape
        return f"<Dense layer of {neurons} {self._function.name} neurons after {inputs}>"
