"""tanh is a rescaled sigmoid: how the numbers of a layer change when one replaces the other."""

from __future__ import annotations

from tinynn.linalg import Matrix, Vector, finite_float, require_matrix, require_vector
from tinynn.notation import equation


@equation("111", "σ(z) = (1 + tanh(z/2)) / 2", w="w^l", b="b^l", scaled_w="w'^l", scaled_b="b'^l")
def rescaled(weights: Matrix, biases: Vector, before: float, own: float) -> tuple[Matrix, Vector]:
    """Return the weights and biases of a layer after its neurons exchange tanh and σ, by (111).

    ``own`` is the factor by which the layer's z grows: 2 if tanh(z) becomes σ(2z), 1/2 if σ(z)
    becomes tanh(z/2), 1 if nothing changes. ``before`` is the same factor for the layer before;
    its old activations are a = 2 a' - 1 or a = a'/2 + 1/2 in terms of the new ones a'.

    >>> rescaled(Matrix([[1, 3]]), Vector([0.5]), before=2.0, own=2.0)
    (Matrix([[4.0, 12.0]]), Vector([-7.0]))
    >>> rescaled(Matrix([[4, 12]]), Vector([-7]), before=0.5, own=0.5)
    (Matrix([[1.0, 3.0]]), Vector([0.5]))
    """
    require_matrix("weights", weights)
    require_vector("biases", biases, weights.shape[0])
    before = finite_float(before, "before")
    own = finite_float(own, "own")
    w = weights.rows
    b = biases.entries
    new_weights = weights.copy()
    new_biases = biases.copy()
    scaled_w = new_weights.rows
    scaled_b = new_biases.entries
    for j in range(len(w)):
        total = 0.0
        for k in range(len(w[j])):
            total += w[j][k]
            scaled_w[j][k] = own * before * w[j][k]
        scaled_b[j] = own * (b[j] + (1.0 - before) * total)
    return new_weights, new_biases
