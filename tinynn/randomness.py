"""Randomness is an argument: a seed or a generator. Global random state stays unchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log, sqrt
from numbers import Integral
from random import Random
from typing import Any, Optional, Protocol

from tinynn.errors import ArgumentError, DataError, describe, require_count
from tinynn.linalg import LARGEST, Matrix, Vector


class RandomSource(Protocol):
    """The methods that the engine calls on a generator; ``random.Random`` has them."""

    def random(self) -> float:
        """Return a float from 0 up to, not including, 1."""

    def gauss(self, mu: float, sigma: float, /) -> float:
        """Return a float drawn from the normal distribution N(mu, sigma²)."""

    def shuffle(self, x: Any, /) -> None:
        """Put a list in random order, in place."""


def random_source(seed: Optional[int] = None, rng: Optional[RandomSource] = None) -> RandomSource:
    """Return ``rng`` itself, or a new generator with this seed, or with an unpredictable one.

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


BOOKS_SEED = 12345678  # of every figure of chapter 3 that has a seed


class BookRandom:
    """The two generators of the book's programs: one for weights, one for shuffles, one seed.

    ``gauss`` and ``random`` draw from the first: a Mersenne Twister seeded by ``init_genrand``,
    with normal numbers by Marsaglia's polar method, bit for bit like NumPy's ``RandomState`` with
    this seed. ``shuffle`` draws from the second: ``random.Random`` with this seed, shuffling as
    Python 2 did. Draws from one do not advance the other, so one BookRandom can be the ``rng`` of
    both a network and its training.

    >>> rng = BookRandom(12345678)
    >>> rng.random(), rng.gauss(), rng.gauss()
    (0.24580423382490257, -1.7108525411070243, 1.1683098006583237)
    >>> order = list(range(8))
    >>> rng.shuffle(order)
    >>> order
    [0, 3, 6, 2, 7, 1, 4, 5]
    """

    def __init__(self, seed: int = BOOKS_SEED) -> None:
        seed = require_count("seed", seed, 0, 2**32 - 1)
        self._weights, self._shuffles = Random(), Random(seed)
        self._weights.setstate((3, (*init_genrand(seed), _WORDS), None))
        self._kept: Optional[float] = None  # the second of a pair of normal numbers

    def random(self) -> float:
        """Return the next float from 0 up to, not including, 1: 53 random bits."""
        return self._weights.random()

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        """Return a float drawn from N(mu, sigma²), by the polar method.

        Points (x_1, x_2) are drawn from the square until one is in the unit circle. With
        r² = x_1² + x_2² and f = √(-2 ln r² / r²), this call returns f x_2 and the next one f x_1.
        """
        kept, self._kept = self._kept, None
        if kept is None:
            r2 = 0.0
            while not 0.0 < r2 < 1.0:
                x1 = 2.0 * self._weights.random() - 1.0
                x2 = 2.0 * self._weights.random() - 1.0
                r2 = x1 * x1 + x2 * x2
            f = sqrt(-2.0 * log(r2) / r2)
            self._kept, kept = f * x1, f * x2
        return mu + sigma * kept

    def shuffle(self, x: Any) -> None:
        """Put a list in random order, in place: for i from the last down to 1, swap x_i and x_j.

        j is drawn from 0 … i, as int((i + 1) · random()).
        """
        random = self._shuffles.random
        for i in range(len(x) - 1, 0, -1):
            j = int(random() * (i + 1))
            x[i], x[j] = x[j], x[i]

    def getstate(self) -> tuple[Any, ...]:
        """Return the state of both generators, for ``setstate``."""
        return self._weights.getstate(), self._kept, self._shuffles.getstate()

    def setstate(self, state: tuple[Any, ...]) -> None:
        """Restore a state that ``getstate`` returned. Raises DataError for anything else."""
        weights, shuffles = Random(), Random()
        try:
            weights_state, kept, shuffles_state = state
            weights.setstate(weights_state)
            shuffles.setstate(shuffles_state)
            kept = None if kept is None else float(kept)
        except (TypeError, ValueError, OverflowError):
            expected = f"expected a state from BookRandom.getstate(), got {describe(state)}"
            raise DataError(f"state: {expected}") from None
        self._weights, self._kept, self._shuffles = weights, kept, shuffles


_WORDS = 624  # of 32 bits each: the state of a Mersenne Twister


def init_genrand(seed: int) -> list[int]:
    """Return the 624 words of the first state of a Mersenne Twister with this seed.

    mt_0 = seed, mt_i = 1812433253 (mt_{i-1} xor ⌊mt_{i-1} / 2^30⌋) + i, modulo 2^32.

    >>> init_genrand(1)[:3]
    [1, 1812433254, 3713160357]
    """
    words = [require_count("seed", seed, 0, 2**32 - 1)]
    for i in range(1, _WORDS):
        words.append((1812433253 * (words[-1] ^ words[-1] >> 30) + i) % 2**32)
    return words


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


INITS = ("large", "scaled")  # the two ways to draw first weights


def first_weights(init: str, rows: int, columns: int, rng: RandomSource) -> Matrix:
    """Return the first weights of a layer of ``rows`` neurons with ``columns`` inputs each.

    "large" weights have a standard deviation of 1, as in chapter 1. "scaled" weights are the same
    draws divided by the square root of the number of inputs, which keeps z^l close to 0.

    >>> [first_weights(init, 1, 4, Random(0))[0][0] for init in INITS]
    [0.9417154046806644, 0.4708577023403322]
    """
    weights = gaussian_matrix(rows, columns, rng)
    return weights if init_named(init) == "large" else weights / sqrt(columns)


class Masks:
    """The dropout masks of successive mini-batches, drawn from one generator.

    ``dropout`` maps a layer to the number of its neurons and the share p that it drops, as in a
    plan. ``last`` holds the masks of the last draw, by layer.

    >>> Masks({3: (4, 0.5)}, Random(0)).draw()
    {3: [1.0, 1.0, 0.0, 0.0]}
    """

    def __init__(self, dropout: Mapping[int, tuple[int, float]], rng: RandomSource) -> None:
        self.dropout = dropout
        self.rng = random_source(rng=rng)
        self.last: Mapping[int, Sequence[float]] = {}

    def draw(self) -> Mapping[int, Sequence[float]]:
        """Return the next masks: r_j = 1 with probability 1 - p, else 0.

        They are drawn layer by layer, neuron by neuron. Without dropout nothing is drawn.
        """
        random = self.rng.random
        self.last = {
            l: [1.0 if random() >= p else 0.0 for _ in range(size)]
            for l, (size, p) in self.dropout.items()
        }
        return self.last


def init_named(name: object) -> str:
    """Return the name if it is one of ``INITS``. Raises ArgumentError for any other."""
    if not isinstance(name, str) or name not in INITS:
        raise ArgumentError(f"init: expected {' or '.join(INITS)}, got {describe(name)}")
    return name
