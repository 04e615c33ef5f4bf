"""Clouds of points in a plane, of two classes: xor, a circle in a ring, and two spirals."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

from tinynn.datasets.dataset import DataSet
from tinynn.datasets.rows import RowExamples
from tinynn.errors import ArgumentError, describe, require_at_least_0, require_count
from tinynn.randomness import RandomSource, random_source

RADIUS = 5.0  # how far the points reach
_GAP = 0.3  # between the points of xor and the axes
_TURNS = 1.75  # of a spiral

Point = tuple[float, float, int]


def _xor(i: int, rng: RandomSource) -> Point:
    p, q = (RADIUS * (2.0 * rng.random() - 1.0) for _ in range(2))
    p += _GAP if p > 0.0 else -_GAP
    q += _GAP if q > 0.0 else -_GAP
    return p, q, int(p * q < 0.0)


def _circle(i: int, rng: RandomSource) -> Point:
    ring = i % 2
    length = RADIUS * (0.7 + 0.3 * rng.random() if ring else 0.5 * rng.random())
    angle = 2.0 * pi * rng.random()
    return length * sin(angle), length * cos(angle), ring


def _spiral(i: int, rng: RandomSource) -> Point:
    arm = i % 2
    share = rng.random()
    angle = 2.0 * pi * _TURNS * share + pi * arm
    return RADIUS * share * sin(angle), RADIUS * share * cos(angle), arm


CLOUDS: dict[str, Callable[[int, RandomSource], Point]] = {
    "xor": _xor,
    "circle": _circle,
    "spiral": _spiral,
}


def load_cloud(
    name: str, *, training: int = 300, test: int = 200, noise: float = 0.1, seed: int = 0
) -> DataSet:
    """Return a cloud of points as TensorFlow Playground draws them: "xor", "circle" or "spiral".

    A point has two inputs, from -5 to 5 without the ``noise``, which moves each by up to so much
    either way, and one of two classes: o and x. The same seed draws the same points.

    >>> spiral = load_cloud("spiral", seed=0)
    >>> [len(part) for part in spiral], spiral.test[0][1]
    ([300, 0, 200], Vector([1.0, 0.0]))
    """
    if not isinstance(name, str) or name not in CLOUDS:
        expected = f"expected {', '.join(CLOUDS)}, got {describe(name)}"
        raise ArgumentError(f'name: {expected}: write load_cloud("spiral")')
    first = require_count("training", training)
    n = first + require_count("test", test, 0)
    noise = require_at_least_0("noise", noise)
    rng = random_source(require_count("seed", seed, 0))
    rows, labels = [], []
    for i in range(n):
        *place, label = CLOUDS[name](i, rng)
        rows.append([each + noise * (2.0 * rng.random() - 1.0) for each in place])
        labels.append(label)
    about = f"{name}: {first:,} points to train on, {test:,} to test, drawn from seed {seed}"
    points = RowExamples(rows, labels, ("o", "x"), ("x_1", "x_2"), None, about, "point")
    return DataSet(points[:first], points[first:first], points[first:])
