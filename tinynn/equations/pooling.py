"""Pooling: reduce each block of a map to one number, its largest or the length of all.

Throughout, a block has R rows and S columns: the neuron (j, k) of map f covers the places
(jR + r, kS + s) of map f before. Rows and columns beyond the last whole block are left out.
"""

from __future__ import annotations

from math import inf, sqrt

from tinynn.activations import SIGMOID, Activation
from tinynn.equations.maps import Size, blocks, in_a_row, in_maps, maps_of, maps_shape
from tinynn.linalg import Vector, require_vector
from tinynn.notation import equation, named


@equation("max", "a^l_f,j,k = max_r,s a^{l-1}_{f,j·R+r,k·S+s}", z="a^l", a="a^{l-1}")
def max_pooled(activations: Vector, shape: tuple[int, ...], size: Size) -> Vector:
    """Return the largest activation of each block of layer l-1, (max).

    ``shape`` is (F, P, Q) of layer l-1, and ``size`` is (R, S) of a block.

    >>> max_pooled(Vector([1, 5, 2, 3, 4, 9]), (1, 2, 3), (2, 2))  # the last column fills no block
    Vector([5.0])
    """
    F, P, Q = maps_shape("shape", shape)
    R, S = size
    J, K = blocks((F, P, Q), size)
    require_vector("activations", activations, F * P * Q)
    a = in_maps(activations.entries, F, P, Q)
    z = maps_of(-inf, F, J, K)
    for f in range(F):
        for j in range(J):
            for k in range(K):
                for r in range(R):
                    for s in range(S):
                        z[f][j][k] = max(z[f][j][k], a[f][j * R + r][k * S + s])
    return Vector.wrap(in_a_row(z))


@equation("max·δ", "δ^l_f,p,q = δ^{l+1}_f,j,k σ'(z^l_f,p,q) if (p, q) = argmax_r,s a^l, else 0")
@named(delta="δ^l", delta_next="δ^{l+1}", z="z^l", a="a^l")
def max_pooling_error(
    activations: Vector,
    shape: tuple[int, ...],
    size: Size,
    next_error: Vector,
    weighted_inputs: Vector,
    function: Activation = SIGMOID,
) -> Vector:
    """Return the error δ^l of the layer before max-pooling, from its error δ^{l+1}, (max·δ).

    Only the largest activation of a block affects the outputs, so only it has an error. If
    several are equal, the first one, row by row, has the error. ``activations`` are a^l.

    >>> a, z = Vector([2, 7, 7, 1]), Vector([0, 0, 0, 0])
    >>> max_pooling_error(a, (1, 2, 2), (2, 2), Vector([8]), z)
    Vector([0.0, 2.0, 0.0, 0.0])
    """
    F, P, Q = maps_shape("shape", shape)
    R, S = size
    J, K = blocks((F, P, Q), size)
    require_vector("activations", activations, F * P * Q)
    require_vector("next_error", next_error, F * J * K)
    require_vector("weighted_inputs", weighted_inputs, F * P * Q)
    sigma_prime = function.derivative
    a = in_maps(activations.entries, F, P, Q)
    z = in_maps(weighted_inputs.entries, F, P, Q)
    delta_next = in_maps(next_error.entries, F, J, K)
    delta = maps_of(0.0, F, P, Q)
    for f in range(F):
        for j in range(J):
            for k in range(K):
                p = j * R
                q = k * S
                for r in range(R):
                    for s in range(S):
                        if a[f][j * R + r][k * S + s] > a[f][p][q]:
                            p = j * R + r
                            q = k * S + s
                delta[f][p][q] = delta_next[f][j][k] * sigma_prime(z[f][p][q])
    return Vector.wrap(in_a_row(delta))


@equation("√Σ", "a^l_f,j,k = (Σ_r Σ_s (a^{l-1}_{f,j·R+r,k·S+s})²)^(1/2)", z="a^l", a="a^{l-1}")
def l2_pooled(activations: Vector, shape: tuple[int, ...], size: Size) -> Vector:
    """Return the square root of the sum of squares of each block of layer l-1, (√Σ).

    >>> l2_pooled(Vector([3, 0, 4, 0]), (1, 2, 2), (2, 2))
    Vector([5.0])
    """
    F, P, Q = maps_shape("shape", shape)
    R, S = size
    J, K = blocks((F, P, Q), size)
    require_vector("activations", activations, F * P * Q)
    a = in_maps(activations.entries, F, P, Q)
    z = maps_of(0.0, F, J, K)
    for f in range(F):
        for j in range(J):
            for k in range(K):
                total = 0.0
                for r in range(R):
                    for s in range(S):
                        total += a[f][j * R + r][k * S + s] * a[f][j * R + r][k * S + s]
                z[f][j][k] = sqrt(total)
    return Vector.wrap(in_a_row(z))


@equation("√Σ·δ", "δ^l_f,p,q = δ^{l+1}_f,j,k (a^l_f,p,q / a^{l+1}_f,j,k) σ'(z^l_f,p,q)")
@named(delta="δ^l", delta_next="δ^{l+1}", z="z^l", a="a^l")
def l2_pooling_error(
    activations: Vector,
    shape: tuple[int, ...],
    size: Size,
    next_error: Vector,
    weighted_inputs: Vector,
    function: Activation = SIGMOID,
) -> Vector:
    """Return the error δ^l of the layer before L2 pooling, from its error δ^{l+1}, (√Σ·δ).

    The root has a corner at a block of zeros; the error there is 0.

    >>> a, z = Vector([3, 0, 4, 0]), Vector([0, 0, 0, 0])
    >>> l2_pooling_error(a, (1, 2, 2), (2, 2), Vector([20]), z)
    Vector([3.0, 0.0, 4.0, 0.0])
    """
    F, P, Q = maps_shape("shape", shape)
    R, S = size
    J, K = blocks((F, P, Q), size)
    require_vector("activations", activations, F * P * Q)
    require_vector("next_error", next_error, F * J * K)
    require_vector("weighted_inputs", weighted_inputs, F * P * Q)
    sigma_prime = function.derivative
    a = in_maps(activations.entries, F, P, Q)
    z = in_maps(weighted_inputs.entries, F, P, Q)
    delta_next = in_maps(next_error.entries, F, J, K)
    delta = maps_of(0.0, F, P, Q)
    for f in range(F):
        for j in range(J):
            for k in range(K):
                total = 0.0
                for r in range(R):
                    for s in range(S):
                        total += a[f][j * R + r][k * S + s] * a[f][j * R + r][k * S + s]
                share = 0.0
                if total > 0.0:
                    share = delta_next[f][j][k] / sqrt(total)
                for p in range(j * R, j * R + R):
                    for q in range(k * S, k * S + S):
                        delta[f][p][q] = share * a[f][p][q] * sigma_prime(z[f][p][q])
    return Vector.wrap(in_a_row(delta))
