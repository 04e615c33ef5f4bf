"""Convolution over a mini-batch: the twins of ``tinynn.equations.convolution``.

An example is a column: the activations of a layer are maps, rows and columns, (G, P, Q, m). The
windows that the field sees are copied out once, so that one product computes all examples.
"""

from __future__ import annotations

from math import prod
from typing import Optional

import numpy as np
from numpy import add, copyto, matmul, multiply
from numpy.lib.stride_tricks import as_strided

from tinynn.equations import convolution as pure
from tinynn.equations.maps import Size, places
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.dense import bias_gradient, weight_gradient, weighted_input
from tinynn.layers.descriptions import Shape
from tinynn.notation import twin


class Windows:
    """The windows that a field sees on maps (G, P, Q) of m examples, copied into one array.

    Its rows are g, r, s; its columns are the place, then the example. Places are in the order of
    the Vector, row by row, or grouped by the ``block`` of a pooling: first the first place of
    every block. All arrays are allocated once. The columns of the maps are sorted by q modulo D,
    the width of a block, so that neighbours are copied in long runs.
    """

    def __init__(self, shape: Shape, field: Size, m: int, dtype: str, block: Size = (1, 1)) -> None:
        (G, P, Q), (R, S), (B, D) = shape, field, block
        J, K = places((G, P, Q), field)
        self._shape = *shape, m
        maps = np.empty((G, P, D, -(-Q // D), m), dtype)
        self._dealt = [(maps[:, :, d, : len(range(d, Q, D))], d) for d in range(D)]
        self._step = D
        self.whole = np.empty((G * R * S, J * K * m), dtype)
        seen = self.whole.reshape(G, R, S, B, J // B, D, K // D, m)  # places row by row
        if block != (1, 1):
            seen = self.whole.reshape(G, R, S, B, D, J // B, K // D, m).transpose(*_BACK)
        g, p, _, q, one = maps.strides
        self._copies = []
        if D == 1:
            there = seen[:, :, :, :, :, 0]  # (G, R, S, B, J/B, K, m)
            view = as_strided(maps, there.shape, (g, p, q, p, B * p, q, one), writeable=False)
            self._copies = [(there, view)]
        for s, d in [(s, d) for s in range(S) for d in range(D) if D > 1]:
            first = maps[:, :, (d + s) % D, (d + s) // D :]
            there = seen[:, :, s, :, :, d]  # (G, R, B, J/B, K/D, m)
            view = as_strided(first, there.shape, (g, p, p, B * p, q, one), writeable=False)
            self._copies.append((there, view))

    def take(self, activations: Array) -> Array:
        """Return the windows of these activations, GPQ×m: an array (GRS, JKm)."""
        maps = activations.reshape(self._shape)
        for there, d in self._dealt:
            copyto(there, maps[:, :, d :: self._step])
        for there, view in self._copies:
            copyto(there, view)
        return self.whole


_BACK = 0, 1, 2, 3, 5, 4, 6, 7  # g, r, s, b, d, j, k, m as g, r, s, b, j, d, k, m


@twin(pure.convolved_input, windows="activations shape field")
def convolved_input(
    weights: Array, biases: Array, windows: Array, out: Optional[Array] = None
) -> Array:
    """Return z^l of all maps, places and examples, equation (125): F×GRS, F×1, GRS×JKm to F×JKm."""
    return weighted_input(weights, windows, biases, out)


class Folding:
    """The work arrays of ``convolution_error`` for m examples, allocated once.

    Rows and columns of zeros separate the errors of one place of the field from those of the
    next. A view that shifts each place a little further adds them up at the right positions.
    """

    def __init__(self, maps: int, shape: Shape, field: Size, m: int, dtype: str) -> None:
        (G, P, Q), (R, S) = shape, field
        J, K = places((G, P, Q), field)
        self.weights = np.empty((maps, G, R), dtype)  # those of one column s of the field
        rows = np.zeros((G, R, P * K * m), dtype)
        self.rows = rows.reshape(G * R, -1)[:, : J * K * m]
        self.moved_rows = _moved(rows, K * m).reshape(G, R, P, K * m)
        columns = np.zeros((G, S, P, Q * m), dtype)
        self.columns = [columns[:, s, :, : K * m] for s in range(S)]
        self.moved_columns = _moved(columns.reshape(G, S, P * Q * m), m)


def _moved(sums: Array, step: int) -> Array:
    """Return a view of (G, R, N) that shifts place r by r steps: zeros come before it."""
    g, r, one = sums.strides
    return as_strided(sums, sums.shape, (g, r - step * one, one), writeable=False)


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

    The errors of a window are added up over its rows, then over its columns.
    """
    F, m = len(next_weights), next_error.shape[1]
    work = work or Folding(F, shape, field, m, next_error.dtype.name)
    delta = np.empty((prod(shape), m), next_error.dtype) if out is None else out
    w, errors = next_weights.reshape(F, shape[0], *field), next_error.reshape(F, -1)
    for s, column in enumerate(work.columns):
        copyto(work.weights, w[:, :, :, s])
        matmul(work.weights.reshape(F, -1).T, errors, work.rows)  # (GR, F) (F, JKm) -> (GR, JKm)
        add.reduce(work.moved_rows, 1, out=column)
    add.reduce(work.moved_columns, 1, out=delta.reshape(shape[0], -1))
    return multiply(delta, sigma_prime, delta)  # (GPQ, m) ⊙ (GPQ, m)


@twin(pure.shared_bias_gradient, ones="shape sums")
def shared_bias_gradient(error: Array, ones: Array, out: Optional[Array] = None) -> Array:
    """Return Σ_x ∂C_x/∂b^l, equation (BP3c): FJK×m and JKm ones to F."""
    return bias_gradient(error.reshape(-1, len(ones)), ones, out)


@twin(pure.shared_weight_gradient, windows="activations shape field")
def shared_weight_gradient(windows: Array, error: Array, out: Optional[Array] = None) -> Array:
    """Return Σ_x ∂C_x/∂w^l, equation (BP4c): GRS×JKm, FJK×m to F×GRS."""
    return weight_gradient(windows, error.reshape(-1, windows.shape[1]), out)
