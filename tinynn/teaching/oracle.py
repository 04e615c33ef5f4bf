"""A second way to every answer: definitions with exact sums, and numerical slopes of the cost.

Nothing here calls the engine, so the judge and the judged function cannot share a mistake. A
definition is summed without rounding. A gradient is never a formula: it is the change of the cost
when one number moves. All values are plain: a vector is a list, a matrix a list of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, fsum
from typing import Any

Numbers = Sequence[float]
Rows = Sequence[Numbers]


def sigma(z: float) -> float:
    """Return σ(z) = 1/(1 + e^(-z)), (3); for z < 0 as e^z/(1 + e^z), which cannot overflow.

    >>> sigma(0.0), sigma(-1000.0)
    (0.5, 0.0)
    """
    return 1.0 / (1.0 + exp(-z)) if z >= 0.0 else exp(z) / (exp(z) + 1.0)


def dot(p: Numbers, q: Numbers) -> float:
    """Return Σ_j p_j q_j, rounded once for each product and once at the end.

    >>> dot([1, 2], [3, 4])
    11.0
    """
    return fsum(x * y for x, y in zip(p, q))


def weighted_inputs(weights: Rows, activations: Numbers, biases: Numbers) -> list[float]:
    """Return z_j = Σ_k w_jk a_k + b_j for every neuron j of a layer.

    >>> weighted_inputs([[1, 2], [3, 4]], [1, 0.5], [0, -1])
    [2.0, 4.0]
    """
    return [dot([*row, 1.0], [*activations, b]) for row, b in zip(weights, biases)]


def outputs(biases: Rows, weights: Sequence[Rows], x: Numbers) -> list[float]:
    """Return the output of a network of sigmoid neurons, layer by layer: (23).

    >>> outputs([[3]], [[[-2, -2]]], [1, 0.5])
    [0.5]
    """
    a = list(x)
    for b, w in zip(biases, weights):
        a = [sigma(z) for z in weighted_inputs(w, a, b)]
    return a


def cost(a: Numbers, y: Numbers) -> float:
    """Return half the squared distance between the outputs a and the desired y: (27).

    >>> cost([0.5, 1.0], [1.0, 1.0])
    0.125
    """
    return fsum((q - p) ** 2 for p, q in zip(a, y)) / 2.0


def slope(f: Callable[[float], float], at: float, width: float = 2.0**-9) -> float:
    """Return the slope of f: (46) in both directions, at two widths, whose errors cancel.

    The error of width h is a multiple of h², that of h/2 a quarter of it; the remaining error is
    of order h⁴.

    >>> slope(lambda v: v * v, 3.0)
    6.0
    """
    wide = (f(at + width) - f(at - width)) / (2.0 * width)
    half = (f(at + width / 2.0) - f(at - width / 2.0)) / width
    return (4.0 * half - wide) / 3.0


def gradient(f: Callable[[Any], float], v: Sequence[Any]) -> list[Any]:
    """Return the numerical gradient: the slope of f in every number of v, as nested as v.

    >>> gradient(lambda v: v[0] ** 2 + 3 * v[1] ** 2, [1.0, 2.0])
    [2.0, 12.0]
    """

    def along(j: int) -> Callable[[Any], float]:
        return lambda moved: f([*v[:j], moved, *v[j + 1 :]])

    if isinstance(v[0], list):
        return [gradient(along(j), v[j]) for j in range(len(v))]
    return [slope(along(j), v[j]) for j in range(len(v))]
