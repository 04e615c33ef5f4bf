"""Pooling over a mini-batch: the twins of ``tinynn.equations.pooling``.

Maps of blocks have six axes, (F, J, R, K, S, m): ``maps[:, :, r, :, s]`` is place (r, s) of every
block (j, k) of the maps f, for m examples. Their order in memory may be any.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Optional

import numpy as np
from numpy import add, divide, equal, maximum, multiply, sqrt, subtract

from tinynn.equations import convolution as pure_convolution
from tinynn.equations import dense as pure_dense
from tinynn.equations import pooling as pure
from tinynn.equations.maps import Size
from tinynn.fast.equations.activations import Array, FastActivation
from tinynn.notation import together, twin


def blocks_view(maps: Array, size: Size) -> Array:
    """Return maps (F, P, Q, m) as maps of whole blocks, a view; the rest is left out."""
    (F, P, Q, m), (R, S) = maps.shape, size
    J, K = P // R, Q // S
    return maps[:, : J * R, : K * S].reshape(F, J, R, K, S, m)


def _places(maps: Array) -> Iterator[Array]:
    """Yield place (r, s) of all blocks, row by row: (F, J, K, m)."""
    for r in range(maps.shape[2]):
        for s in range(maps.shape[4]):
            yield maps[:, :, r, :, s]


@twin(pure.max_pooled, maps="activations shape size")
def max_pooled(maps: Array, out: Optional[Array] = None) -> Array:
    """Return the largest activation of each block, (max): maps of blocks to (F, J, K, m)."""
    return np.asarray(maximum.reduce(maps, (2, 4), out=out))


@twin(
    pure.max_pooling_error,
    maps="activations shape size",
    largest="",
    sigma_prime="weighted_inputs function",
    work="",
)
def max_pooling_error(
    maps: Array,
    largest: Array,
    next_error: Array,
    sigma_prime: Optional[Array],
    out: Optional[Array] = None,
    work: Optional[tuple[Array, Array]] = None,
) -> Array:
    """Return δ^l, (max·δ), as maps of blocks; ``largest`` is (F, J, K, m), ``next_error`` FJK×m.

    The error goes to the first place with the largest activation; the next one gets 0.
    """
    delta = np.zeros(maps.shape, maps.dtype) if out is None else out
    is_first, left = work or (np.empty(largest.shape, bool), np.empty_like(largest))
    before = next_error.reshape(largest.shape)
    *others, (_, last) = zip(_places(maps), _places(delta))
    for each, there in others:
        equal(each, largest, is_first)
        multiply(is_first, before, there)
        subtract(before, there, left)
        before = left
    np.copyto(last, before)
    if sigma_prime is not None:
        multiply(delta, sigma_prime.reshape(delta.shape), delta)
    return delta


@together(pure_convolution.convolved_input, pure_dense.activation, pure.max_pooled)
def pooled_convolution(
    products: Array,
    biases: Array,
    function: FastActivation,
    out: Optional[Array] = None,
    largest: Optional[Array] = None,
) -> Array:
    """Return max σ(w a + b) of each block as σ(max (w a) + b), for a σ that never decreases.

    ``products`` are w a as maps of blocks, ``biases`` (F, 1), the result (F, JKm); ``largest``,
    (F, J, K, m), is filled with max (w a). This saves additions: blocks are fewer than places.
    """
    largest = max_pooled(products, largest)
    a = add(largest.reshape(len(biases), -1), biases, out)  # (F, JKm) + (F, 1)
    return function.value(a, a)


@twin(pure.l2_pooled, maps="activations shape size")
def l2_pooled(maps: Array, out: Optional[Array] = None) -> Array:
    """Return the length of each block, (√Σ): maps of blocks to (F, J, K, m)."""
    F, J, _, K, _, m = maps.shape
    a = np.empty((F, J, K, m), maps.dtype) if out is None else out
    np.einsum("fjrksm,fjrksm->fjkm", maps, maps, out=a)
    return np.asarray(sqrt(a, a))


@twin(
    pure.l2_pooling_error,
    maps="activations shape size",
    lengths="",
    sigma_prime="weighted_inputs function",
    work="",
)
def l2_pooling_error(
    maps: Array,
    lengths: Array,
    next_error: Array,
    sigma_prime: Optional[Array],
    out: Optional[Array] = None,
    work: Optional[tuple[Array, Array]] = None,
) -> Array:
    """Return δ^l, (√Σ·δ), as maps of blocks; ``lengths`` is (F, J, K, m), ``next_error`` FJK×m."""
    delta = np.zeros(maps.shape, maps.dtype) if out is None else out
    has_length, share = work or (np.empty(lengths.shape, bool), np.empty_like(lengths))
    np.greater(lengths, 0.0, has_length)
    share.fill(0.0)
    divide(next_error.reshape(lengths.shape), lengths, out=share, where=has_length)
    multiply(maps, share[:, :, np.newaxis, :, np.newaxis], delta)
    if sigma_prime is not None:
        multiply(delta, sigma_prime.reshape(delta.shape), delta)
    return delta
