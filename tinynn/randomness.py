"""Randomness is an argument: a seed or a generator comes in, and no global state is touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from numbers import Integral
from random import Random
from typing import Any, Optional, Protocol

from tinynn.errors import ArgumentError, describe, require_count
from tinynn.linalg import LARGEST, Matrix, Vector


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
        draws = (getattr(rng, name, None) for name in ("random", "gauss", "shuffle"))
        if isinstance(rng, type) or not all(map(callable, draws)):
            expected = "expected a generator with random(), gauss() and shuffle()"
            given = f"{expected}, got {describe(rng)}"
            raise ArgumentError(f"rng: {given}: write rng=random.Random(0), or seed=0")
        return rng
    if seed is None:
        return Random()
    if isinstance(seed, bool) or not isinstance(seed, Integral):
        raise ArgumentError(f"seed: expected a whole number, got {describe(seed)}: write seed=0")
    return Random(int(seed))


def gaussian_vector(size: int, rng: RandomSource) -> Vector:
    """Return a vector of draws from N(0, 1)."""
    rng = random_source(rng=rng)
    size = require_count("size", size, 1, LARGEST)
    return Vector([rng.gauss(0.0, 1.0) for _ in range(size)])


def gaussian_matrix(rows: int, columns: int, rng: RandomSource) -> Matrix:
    """Return a matrix of draws from N(0, 1), row by row."""
    rng = random_source(rng=rng)
    rows = require_count("rows", rows, 1, LARGEST)
    columns = require_count("columns", columns, 1, LARGEST // rows)
    entries: list[list[float]] = [
        [rng.gauss(0.0, 1.0) for _ in range(columns)] for _ in range(rows)
    ]
    return Matrix(entries)


INITS = ("large", "scaled")  # the names of the two ways to draw first weights


def first_weights(init: str, rows: int, columns: int, rng: RandomSource) -> Matrix:
    """Return first weights of a layer of so many neurons, each after ``columns`` inputs.

    "large" ones have a spread of 1, as in chapter 1; "scaled" ones are the same draws divided by
    the square root of the number of inputs, so that no z^l is far from 0.

    >>> [first_weights(init, 1, 4, Random(0))[0][0] for init in INITS]
    [0.9417154046806644, 0.4708577023403322]
    """
    weights = gaussian_matrix(rows, columns, rng)
    return weights if init_named(init) == "large" else weights / sqrt(columns)


class Masks:
    """Draws what dropout keeps of each layer, mini-batch by mini-batch, from one generator.

    ``dropout`` is that of a plan: how many neurons a layer has, and the share p that it drops.
    ``last`` are the masks of the last draw, by layer.

    >>> Masks({3: (4, 0.5)}, Random(0)).draw()
    {3: [1.0, 1.0, 0.0, 0.0]}
    """

    def __init__(self, dropout: Mapping[int, tuple[int, float]], rng: RandomSource) -> None:
        self.dropout = dropout
        self.rng = random_source(rng=rng)
        self.last: Mapping[int, Sequence[float]] = {}

    def draw(self) -> Mapping[int, Sequence[float]]:
        """Return the next masks: r_j = 1 with the chance 1 - p, layer by layer, neuron by neuron.

        Without dropout there are none, and nothing is drawn.
        """
        random = self.rng.random
        self.last = {
            l: [1.0 if random() >= p else 0.0 for _ in range(size)]
            for l, (size, p) in self.dropout.items()
        }
        return self.last


def init_named(name: object) -> str:
    """Return the name of a way to draw first weights. Raises ArgumentError for another."""
    if not isinstance(name, str) or name not in INITS:
        raise ArgumentError(f"init: expected {' or '.join(INITS)}, got {describe(name)}")
    return name
