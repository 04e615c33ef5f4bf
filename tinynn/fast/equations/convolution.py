"""Convolution over a mini-batch: the twins of ``tinynn.equations.convolution``.

An example is a column: the activations of a layer are maps, rows and columns, (G, P, Q, m). What
a field sees at each of its places is copied out once, so that one product serves all examples.
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple, Optional

import numpy as np
from numpy import add, copyto, dot, multiply
from numpy.lib.stride_tricks import as_strided

from tinynn.equations import convolution as pure
from tinynn.equations.maps import Size, places
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.dense import bias_gradient, weight_gradient, weighted_input
from tinynn.layers.descriptions import Shape
from tinynn.notation import twin


def windows_view(maps: Array, field: Size, block: Size = (1, 1)) -> Array:
    """Return what a field sees of maps (G, P, Q, m) at each place, as a view: nothing is copied.

    Its axes are g, r, s, then the place, then the example. Places are in the order of the
    Vector, row by row; or of the ``block`` of a pooling: first the first of every block.
    """
    G, P, Q, m = maps.shape
    (R, S), (B, D) = field, block
    J, K = places((G, P, Q), field)
    g, p, q, one = maps.strides
    shape, strides = (G, R, S, B, D, J // B, K // D, m), (g, p, q, p, q, B * p, D * q, one)
    return as_strided(maps, shape, strides, writeable=False)


@twin(pure.convolved_input, windows="activations shape field")
def convolved_input(
    weights: Array, biases: Array, windows: Array, out: Optional[Array] = None
) -> Array:
    """Return z^l of all maps, places and examples, equation (125): F×GRS, F×1, GRS×JKm to F×JKm."""
    return weighted_input(weights, windows, biases, out)


class Folding(NamedTuple):
    """Where the errors of windows are put before they are added up."""

    weights: Array  # (F, G, R): of one column of the field
    windows: Array  # (G, R, JKm): its errors
    rows: Array  # (G, P, Km): their sums over r


def folding(weights: Array, shape: Shape, field: Size, m: int) -> Folding:
    """Return the work arrays of ``convolution_error`` for m examples."""
    (G, P, Q), F, dtype = shape, len(weights), weights.dtype
    J, K = places((G, P, Q), field)
    R, _ = field
    return Folding(
        np.empty((F, G, R), dtype),
        np.empty((G, R, J * K * m), dtype),
        np.empty((G, P, K * m), dtype),
    )


@twin(pure.convolution_error, sigma_prime="weighted_inputs function", work="")
def convolution_error(
    next_weights: Array,
    next_error: Array,
    shape: Shape,
    field: Size,
    sigma_prime: Array,
    out: Optional[Array] = None,
    work: Optional[Folding] = None,
) -> Array:
    """Return δ^l of the layer before, equation (BP2c): F×GRS, FJK×m, GPQ×m to GPQ×m.

    For each column s of the field, the errors of what it sees are added up over its rows, and
    then into the columns k + s of the maps.
    """
    (G, P, Q), (R, S), m = shape, field, next_error.shape[1]
    J, K = places((G, P, Q), field)
    work = work or folding(next_weights, shape, field, m)
    delta = np.empty((prod(shape), m), next_error.dtype) if out is None else out
    maps = delta.reshape(G, P, Q * m)
    maps.fill(0.0)
    F = len(next_weights)
    fields, errors = next_weights.reshape(F, G, R, S), next_error.reshape(F, J * K * m)
    one_column, windows = work.weights.reshape(F, G * R), work.windows.reshape(G * R, J * K * m)
    rows = work.rows.reshape(G, P * K * m)
    whole, step = J * K * m, K * m
    for s in range(S):
        copyto(work.weights, fields[:, :, :, s])
        dot(one_column.T, errors, windows)  # (GR, F) (F, JKm) -> (GR, JKm)
        copyto(rows[:, :whole], work.windows[:, 0])
        rows[:, whole:].fill(0.0)
        for r in range(1, R):
            below = rows[:, r * step : r * step + whole]
            add(below, work.windows[:, r], below)
        beside = maps[:, :, s * m : s * m + step]
        add(beside, work.rows, beside)
    return multiply(delta, sigma_prime, delta)  # (GPQ, m) ⊙ (GPQ, m)


@twin(pure.shared_bias_gradient, ones="shape sums")
def shared_bias_gradient(error: Array, ones: Array, out: Optional[Array] = None) -> Array:
    """Return Σ_x ∂C_x/∂b^l, equation (BP3c): F×JKm and JKm ones to F."""
    return bias_gradient(error, ones, out)


@twin(pure.shared_weight_gradient, windows="activations shape field")
def shared_weight_gradient(windows: Array, error: Array, out: Optional[Array] = None) -> Array:
    """Return Σ_x ∂C_x/∂w^l, equation (BP4c): GRS×JKm, F×JKm to F×GRS."""
    return weight_gradient(windows, error, out)
