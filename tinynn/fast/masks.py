"""The dropout masks of many mini-batches at once: same generator, same masks, much faster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

import numpy as np

from tinynn.fast.equations.activations import Array
from tinynn.randomness import Masks, RandomSource


def masks_of(masks: Masks, count: int) -> Iterator[Mapping[int, Sequence[float]]]:
    """Yield the masks of the next ``count`` mini-batches, by layer, as ``draw`` returns them."""
    parts: dict[int, slice] = {}
    shares: list[float] = []
    for l, (size, p) in masks.dropout.items():
        parts[l] = slice(len(shares), len(shares) + size)
        shares += [p] * size
    drawn = randoms(masks.rng, count * len(shares)).reshape(count, -1)
    for kept in (drawn >= shares).astype(float):
        masks.last = {l: kept[part] for l, part in parts.items()}
        yield masks.last


def randoms(rng: RandomSource, count: int) -> Array:
    """Return the same numbers as ``count`` calls of ``rng.random()``, with the same final state.

    ``random.Random`` builds each number from 27 and 26 bits of two 32-bit words, in the order of
    ``getrandbits``.
    """
    if type(rng) is not Random:
        return np.array([rng.random() for _ in range(count)])
    words = rng.getrandbits(64 * count).to_bytes(8 * count, "little")
    high, low = np.frombuffer(words, "<u4").reshape(count, 2).T
    return np.asarray(((high >> 5) * 2.0**26 + (low >> 6)) / 2.0**53)
