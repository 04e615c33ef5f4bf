"""The costs: how far the outputs are from the desired outputs, and the slope there."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log

from tinynn.errors import require_kind, require_penalty, require_real, require_reals
from tinynn.linalg import (
    Matrix,
    Vector,
    require_matrix,
    require_shares,
    require_vector,
    require_whole,
)
from tinynn.notation import equation


@equation("27", "C_x = 1/2 ‖y - a^L‖² = 1/2 Σ_j (y_j - a^L_j)²", a="a^L", y="y")
@equation("54", "C = (y - a)² / 2")
def quadratic(outputs: Vector, desired: Vector) -> float:
    """Return the quadratic cost of one example, equation (27); j runs over the output layer.

    For one neuron it is (54).

    >>> quadratic(Vector([0.5, 1.0]), Vector([1.0, 1.0]))
    0.125
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    a = outputs.entries
    y = desired.entries
    total = 0.0
    for j in range(len(a)):
        total += (y[j] - a[j]) * (y[j] - a[j])
    return total / 2.0


@equation("∂C/∂a", "∂C/∂a^L_j = a^L_j - y_j", nabla_a="∂C/∂a^L", a="a^L", y="y")
def quadratic_derivative(outputs: Vector, desired: Vector) -> Vector:
    """Return ∂C_x/∂a^L_j = a^L_j - y_j for each output neuron j: the slope of (27).

    >>> quadratic_derivative(Vector([0.5, 1.0]), Vector([1.0, 1.0]))
    Vector([-0.5, 0.0])
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    a = outputs.entries
    y = desired.entries
    nabla_a = [0.0] * len(a)
    for j in range(len(a)):
        nabla_a[j] = a[j] - y[j]
    return Vector.wrap(nabla_a)


def ln(x: float) -> float:
    """Return the natural logarithm of x, and -inf for 0.

    >>> ln(1.0), ln(0.0)
    (0.0, -inf)
    """
    if type(x) is not float:
        require_real("x", x)
    if x > 0.0:
        return log(x)
    return -inf


@equation("63", "C_x = -Σ_j [y_j ln a^L_j + (1 - y_j) ln(1 - a^L_j)]", a="a^L", y="y")
@equation("57", "C = -1/n Σ_x [y ln a + (1 - y) ln(1 - a)]")
def cross_entropy(outputs: Vector, desired: Vector) -> float:
    """Return the cross-entropy of one example. Its mean is (63), for one neuron (57).

    A term whose factor y or 1 - y is 0 is 0. An output of 0 with y > 0, or of 1 with y < 1, has an
    infinite cost. Raises DataError unless all numbers are from 0 to 1.

    >>> round(cross_entropy(Vector([0.5, 1.0]), Vector([1.0, 1.0])), 4)
    0.6931
    >>> cross_entropy(Vector([0.0]), Vector([1.0]))
    inf
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    require_shares("outputs", outputs)
    require_shares("desired", desired)
    a = outputs.entries
    y = desired.entries
    total = 0.0
    for j in range(len(a)):
        if y[j] > 0.0:
            total += y[j] * ln(a[j])
        if y[j] < 1.0:
            total += (1.0 - y[j]) * ln(1.0 - a[j])
    return 0.0 - total


@equation("80", "C_x = -ln a^L_y = -Σ_j y_j ln a^L_j", a="a^L", y="y")
def log_likelihood(outputs: Vector, desired: Vector) -> float:
    """Return the log-likelihood cost of one example, equation (80): -ln of the right output.

    ``desired`` is 1 for the right output and 0 for the others, or shares that add up to 1. An
    output of 0 with y > 0 has an infinite cost. Raises DataError unless all numbers are from 0 to 1
    and ``desired`` adds up to 1.

    >>> round(log_likelihood(Vector([0.25, 0.75]), Vector([1, 0])), 4)
    1.3863
    >>> log_likelihood(Vector([0.0, 1.0]), Vector([0, 1]))
    0.0
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    require_shares("outputs", outputs)
    require_whole("desired", desired)
    a = outputs.entries
    y = desired.entries
    total = 0.0
    for j in range(len(a)):
        if y[j] > 0.0:
            total += y[j] * ln(a[j])
    return 0.0 - total


@equation("66", "δ^L_j = a^L_j - y_j", delta="δ^L", a="a^L", y="y")
@equation("68", "δ^L = a^L - y")
@equation("84", "δ^L_j = a^L_j - y_j")
def matched_error(outputs: Vector, desired: Vector) -> Vector:
    """Return the error δ^L = a^L - y of output neurons that fit the cost: σ' cancels out.

    These fit: sigmoid neurons with the cross-entropy (66), linear neurons with the quadratic cost
    (68), and softmax with the log-likelihood cost (84).

    >>> matched_error(Vector([0.5, 1.0]), Vector([1.0, 1.0]))
    Vector([-0.5, 0.0])
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    a = outputs.entries
    y = desired.entries
    delta = [0.0] * len(a)
    for j in range(len(a)):
        delta[j] = a[j] - y[j]
    return Vector.wrap(delta)


@equation("26", "C = 1/n Σ_x C_x = 1/2n Σ_x ‖y(x) - a^L(x)‖²", cost="C_x")
@equation("6", "C(w, b) = 1/2n Σ_x ‖y(x) - a‖²")
def mean_cost(example_costs: Sequence[float]) -> float:
    """Return C = 1/n Σ_x C_x, the cost over n examples: (6), (26) if each C_x is (27).

    >>> mean_cost([0.125, 0.375])
    0.25
    """
    require_reals("example_costs", example_costs)
    total = 0.0
    for cost in example_costs:
        total += cost
    return total / len(example_costs)


@equation("87", "C = C_0 + λ/2n Σ_w w²", cost="C_0")
@equation("85", "C = -1/n Σ_xj [y_j ln a^L_j + (1 - y_j) ln(1 - a^L_j)] + λ/2n Σ_w w²")
@equation("86", "C = 1/2n Σ_x ‖y - a^L‖² + λ/2n Σ_w w²")
def l2_cost(cost: float, weights: Sequence[Matrix], lmbda: float, n: int) -> float:
    """Return the cost with the L2 penalty, from the cost C_0 without it, equation (87).

    It is (85) if C_0 is the cross-entropy, and (86) if C_0 is the quadratic cost. n is the size of
    the training set. The penalty does not include the biases.

    >>> l2_cost(0.25, [Matrix([[1, -2]]), Matrix([[3]])], lmbda=5.0, n=10)
    3.75
    """
    require_real("cost", cost)
    require_kind("weights", weights, Sequence, "network.weights")
    require_penalty(lmbda, n)
    total = 0.0
    for i in range(len(weights)):
        require_matrix(f"weights[{i}]", weights[i])
        w = weights[i].rows
        for j in range(len(w)):
            for k in range(len(w[j])):
                total += w[j][k] * w[j][k]
    return cost + lmbda / (2.0 * n) * total


@equation("95", "C = C_0 + λ/n Σ_w |w|", cost="C_0")
def l1_cost(cost: float, weights: Sequence[Matrix], lmbda: float, n: int) -> float:
    """Return the cost with the L1 penalty, from the cost C_0 without it, equation (95).

    >>> l1_cost(0.25, [Matrix([[1, -2]]), Matrix([[3]])], lmbda=5.0, n=10)
    3.25
    """
    require_real("cost", cost)
    require_kind("weights", weights, Sequence, "network.weights")
    require_penalty(lmbda, n)
    total = 0.0
    for i in range(len(weights)):
        require_matrix(f"weights[{i}]", weights[i])
        w = weights[i].rows
        for j in range(len(w)):
            for k in range(len(w[j])):
                total += abs(w[j][k])
    return cost + lmbda / n * total
