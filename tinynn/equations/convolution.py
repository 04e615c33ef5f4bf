"""Convolution: each map of a layer slides one field of weights over the maps before.

Throughout, f is a map of the layer and g a map of the layer before; (j, k) is a place in a map
and (r, s) a place in the field. The neuron at (j, k) sees the places (j + r, k + s) of every map
before. Row f of ``weights`` contains w_f,g,r,s: field after field, each row by row. Fields are
not rotated.
"""

from __future__ import annotations

from typing import Optional

from tinynn.activations import SIGMOID, Activation
from tinynn.equations.maps import (
    Size,
    in_a_row,
    in_fields,
    in_maps,
    maps_in,
    maps_of,
    maps_shape,
    places,
)
from tinynn.linalg import Matrix, Vector, require_matrix, require_vector
from tinynn.notation import equation, named


@equation("125", "z^l_f,j,k = Σ_g Σ_r Σ_s w^l_f,g,r,s a^{l-1}_{g,j+r,k+s} + b^l_f, a = σ(z)")
@named(z="z^l", w="w^l", a="a^{l-1}", b="b^l")
def convolved_input(
    weights: Matrix, biases: Vector, activations: Vector, shape: tuple[int, ...], field: Size
) -> Vector:
    """Return the weighted inputs z^l of a convolution; a^l = σ(z^l) is (125).

    ``shape`` is (G, P, Q) of layer l-1: maps, rows and columns. ``field`` is (R, S). Shapes:
    weights F×GRS, biases F, activations GPQ; the result F maps of (P - R + 1)×(Q - S + 1).

    >>> image = Vector([1, 2, 3, 4, 5, 6])  # 2 rows of 3
    >>> convolved_input(Matrix([[1, 10]]), Vector([0.5]), image, (1, 2, 3), (1, 2))
    Vector([21.5, 32.5, 54.5, 65.5])
    """
    G, P, Q = maps_shape("shape", shape)
    R, S = field
    J, K = places((G, P, Q), field)
    require_vector("biases", biases)
    require_matrix("weights", weights, len(biases), G * R * S)
    require_vector("activations", activations, G * P * Q)
    w = in_fields(weights.rows, G, field)
    a = in_maps(activations.entries, G, P, Q)
    b = biases.entries
    z = maps_of(0.0, len(b), J, K)
    for f in range(len(b)):
        for j in range(J):
            for k in range(K):
                total = 0.0
                for g in range(G):
                    for r in range(R):
                        for s in range(S):
                            total += w[f][g][r][s] * a[g][j + r][k + s]
                z[f][j][k] = total + b[f]
    return Vector.wrap(in_a_row(z))


def dense_weights(weights: Matrix, shape: tuple[int, ...], field: Size) -> Matrix:
    """Return the weights of the dense layer that equals a convolution: shared weights written out.

    Row (f, j, k) is the neuron of map f at the place (j, k), and column (g, p, q) the neuron
    before it: w_(f,j,k),(g,j+r,k+s) = w_f,g,r,s, and 0 where no field reaches. The dense layer
    has the bias b_f in every row of map f. Its z equals that of (125). ``shape`` is (G, P, Q) of
    layer l-1. Shapes: weights F×GRS, the result FJK×GPQ.

    >>> w = dense_weights(Matrix([[1, 10]]), (1, 1, 3), (1, 2))
    >>> w  # the same two weights in every row, one place further on
    Matrix([[1.0, 10.0, 0.0], [0.0, 1.0, 10.0]])
    >>> w @ Vector([1, 2, 3])  # 1 · 1 + 10 · 2 and 1 · 2 + 10 · 3
    Vector([21.0, 32.0])
    """
    G, P, Q = maps_shape("shape", shape)
    R, S = field
    J, K = places((G, P, Q), field)
    require_matrix("weights", weights)
    F, _ = weights.shape
    require_matrix("weights", weights, F, G * R * S)
    w = in_fields(weights.rows, G, field)
    written = Matrix.zeros(F * J * K, G * P * Q)
    for f in range(F):
        for j in range(J):
            for k in range(K):
                row = written.rows[(f * J + j) * K + k]
                for g in range(G):
                    for r in range(R):
                        for s in range(S):
                            row[(g * P + j + r) * Q + k + s] = w[f][g][r][s]
    return written


@equation("BP2c", "δ^l_g,j,k = Σ_f Σ_r Σ_s w^{l+1}_f,g,r,s δ^{l+1}_{f,j-r,k-s} σ'(z^l_g,j,k)")
@named(delta="δ^l", z="z^l", w="w^{l+1}", delta_next="δ^{l+1}")
def convolution_error(
    next_weights: Matrix,
    next_error: Vector,
    shape: tuple[int, ...],
    field: Size,
    weighted_inputs: Vector,
    function: Activation = SIGMOID,
) -> Vector:
    """Return the error δ^l of the layer before a convolution, from w^{l+1} and δ^{l+1}: (BP2c).

    The sum runs over the neurons that see the place (j, k): those at (j - r, k - s) of every map
    f, if they exist. ``shape`` is (G, P, Q) of layer l. Shapes: next_weights F×GRS, next_error F
    maps of (P - R + 1)×(Q - S + 1), weighted_inputs GPQ; the result GPQ.

    >>> z = Vector([0, 0, 0])  # one row of 3, and σ'(0) = 1/4
    >>> convolution_error(Matrix([[4, 8]]), Vector([1, 2]), (1, 1, 3), (1, 2), z)
    Vector([1.0, 4.0, 4.0])
    """
    G, P, Q = maps_shape("shape", shape)
    R, S = field
    J, K = places((G, P, Q), field)
    require_matrix("next_weights", next_weights)
    F, _ = next_weights.shape
    require_matrix("next_weights", next_weights, F, G * R * S)
    require_vector("next_error", next_error, F * J * K)
    require_vector("weighted_inputs", weighted_inputs, G * P * Q)
    sigma_prime = function.derivative
    w = in_fields(next_weights.rows, G, field)
    delta_next = in_maps(next_error.entries, F, J, K)
    z = in_maps(weighted_inputs.entries, G, P, Q)
    delta = maps_of(0.0, G, P, Q)
    for g in range(G):
        for j in range(P):
            for k in range(Q):
                total = 0.0
                for f in range(F):
                    for r in range(max(0, j - J + 1), min(R, j + 1)):
                        for s in range(max(0, k - K + 1), min(S, k + 1)):
                            total += w[f][g][r][s] * delta_next[f][j - r][k - s]
                delta[g][j][k] = total * sigma_prime(z[g][j][k])
    return Vector.wrap(in_a_row(delta))


@equation("BP3c", "∂C/∂b^l_f = Σ_j Σ_k δ^l_f,j,k", nabla_b="∂C/∂b^l", delta="δ^l")
def shared_bias_gradient(
    error: Vector, shape: tuple[int, ...], sums: Optional[Vector] = None
) -> Vector:
    """Return ∂C/∂b^l of a convolution: the sum of the errors δ^l of each map, equation (BP3c).

    ``shape`` is (F, J, K) of layer l. With ``sums``, those of a mini-batch, add the gradient to
    them and return them.

    >>> shared_bias_gradient(Vector([1, 2, 3, 4]), (2, 1, 2))
    Vector([3.0, 7.0])
    """
    F, J, K = maps_shape("shape", shape)
    require_vector("error", error, F * J * K)
    if sums is None:
        sums = Vector.zeros(F)
    require_vector("sums", sums, F)
    delta = in_maps(error.entries, F, J, K)
    nabla_b = sums.entries
    for f in range(F):
        total = 0.0
        for j in range(J):
            for k in range(K):
                total += delta[f][j][k]
        nabla_b[f] += total
    return sums


@equation("BP4c", "∂C/∂w^l_f,g,r,s = Σ_j Σ_k a^{l-1}_{g,j+r,k+s} δ^l_f,j,k")
@named(nabla_w="∂C/∂w^l", a="a^{l-1}", delta="δ^l")
def shared_weight_gradient(
    activations: Vector,
    shape: tuple[int, ...],
    field: Size,
    error: Vector,
    sums: Optional[Matrix] = None,
) -> Matrix:
    """Return ∂C/∂w^l of a convolution: the sum over all positions of a field, equation (BP4c).

    ``shape`` is (G, P, Q) of layer l-1. Shapes: activations GPQ, error F maps of
    (P - R + 1)×(Q - S + 1); the result F×GRS. With ``sums``, those of a mini-batch, add the
    gradient to them and return them.

    >>> shared_weight_gradient(Vector([1, 2, 3]), (1, 1, 3), (1, 2), Vector([10, 1]))
    Matrix([[12.0, 23.0]])
    """
    G, P, Q = maps_shape("shape", shape)
    R, S = field
    J, K = places((G, P, Q), field)
    require_vector("activations", activations, G * P * Q)
    require_vector("error", error)
    F = maps_in("error", len(error), (J, K))
    if sums is None:
        sums = Matrix.zeros(F, G * R * S)
    require_matrix("sums", sums, F, G * R * S)
    a = in_maps(activations.entries, G, P, Q)
    delta = in_maps(error.entries, F, J, K)
    nabla_w = in_fields(sums.rows, G, field)
    for f in range(F):
        for g in range(G):
            for r in range(R):
                for s in range(S):
                    total = 0.0
                    for j in range(J):
                        for k in range(K):
                            total += a[g][j + r][k + s] * delta[f][j][k]
                    nabla_w[f][g][r][s] += total
        sums.rows[f][:] = in_a_row(nabla_w[f])
    return sums
