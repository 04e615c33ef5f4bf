"""Randomness is an argument: a seed or a generator comes in, and no global state is touched."""

from __future__ import annotations

from random import Random
from typing import Any, Optional, Protocol

from tinynn.errors import ArgumentError, describe
from tinynn.linalg import Matrix, Vector


class RandomSource(Protocol):
    """What the engine asks of a generator; ``random.Random`` is one."""

    def random(self) -> float:
        """Return a float from 0 up to, not including, 1."""

    def gauss(self, mu: float, sigma: float, /) -> float:
        """Return a float drawn from the normal distribution N(mu, sigma²)."""

    def shuffle(self, x: Any, /) -> None:
        """Put a list in random order, in place."""


def random_source(seed: Optional[int] = None, rng: Optional[RandomSource] = None) -> RandomSource:
    """Return ``rng`` itself, or a new generator: of this seed, or of one that nobody knows.

    >>> random_source(seed=0).random() == random_source(seed=0).random()
    True
    """
    if seed is not None and rng is not None:
        raise ArgumentError("seed and rng: expected one or neither, got both")
    if rng is not None:
        return rng
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise ArgumentError(f"seed: expected a whole number, got {describe(seed)}")
    return Random(seed)


def gaussian_vector(size: int, rng: RandomSource) -> Vector:
    """Return a vector of draws from N(0, 1)."""
    return Vector([rng.gauss(0.0, 1.0) for _ in range(size)])


def gaussian_matrix(rows: int, columns: int, rng: RandomSource) -> Matrix:
    """Return a matrix of draws from N(0, 1), row by row."""
    entries: list[list[float]] = [
        [rng.gauss(0.0, 1.0) for _ in range(columns)] for _ in range(rows)
    ]
    return Matrix(entries)
