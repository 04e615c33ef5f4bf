"""Softmax: outputs that are positive and add up to 1, like probabilities."""

from __future__ import annotations

from math import exp

from tinynn.linalg import Vector, require_vector
from tinynn.notation import equation


@equation("78", "a^L_j = e^(z^L_j) / Σ_k e^(z^L_k)", a="a^L", z="z^L", largest="max z^L")
def softmax(weighted_inputs: Vector) -> Vector:
    """Return the softmax of the weighted inputs z^L of the last layer, equation (78).

    The code subtracts the largest z from all. This divides every e^z by the same number, and
    keeps it in the range of floats.

    >>> softmax(Vector([0, 0])), softmax(Vector([1000, -1e308]))
    (Vector([0.5, 0.5]), Vector([1.0, 0.0]))
    """
    require_vector("weighted_inputs", weighted_inputs)
    z = weighted_inputs.entries
    largest = max(z)
    a = [0.0] * len(z)
    total = 0.0
    for k in range(len(z)):
        total += exp(z[k] - largest)
    for j in range(len(z)):
        a[j] = exp(z[j] - largest) / total
    return Vector.wrap(a)
