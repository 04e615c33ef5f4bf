"""The updates: new weights and biases from the gradients of a mini-batch."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from tinynn.errors import require_count, require_kind, require_penalty, require_real
from tinynn.linalg import Matrix, Vector, finite_float, require_matrix, require_vector
from tinynn.notation import equation, named

MOST = 10**12  # the most examples in a mini-batch


class Gradient(NamedTuple):
    """∂C/∂b and ∂C/∂w, layer by layer from l = 2: the book's (nabla_b, nabla_w)."""

    biases: list[Vector]
    weights: list[Matrix]


def require_rate(eta: float, m: int) -> None:
    """Raise DataError or ArgumentError unless η is a finite number and m counts examples."""
    finite_float(eta, "eta")
    require_count("m", m, 1, MOST)


@equation("19", "∇C ≈ 1/m Σ_j ∇C_Xj", nabla_b="∂C/∂b", nabla_w="∂C/∂w")
@equation("18", "Σ_j ∇C_Xj / m ≈ Σ_x ∇C_x / n = ∇C")
def mean_gradient(gradient_sum: Gradient, m: int) -> Gradient:
    """Return 1/m Σ_j ∇C_Xj, the estimate of ∇C from a mini-batch of m examples: (18), (19).

    >>> mean_gradient(Gradient([Vector([3])], [Matrix([[6, 9]])]), 3)
    Gradient(biases=[Vector([1.0])], weights=[Matrix([[2.0, 3.0]])])
    """
    require_kind("gradient_sum", gradient_sum, Gradient, "network.backprop(x, y)")
    m = require_count("m", m, 1, MOST)
    mean = Gradient([], [])
    for i in range(len(gradient_sum.biases)):
        nabla_b = gradient_sum.biases[i].to_list()
        nabla_w = gradient_sum.weights[i].to_lists()
        for j in range(len(nabla_b)):
            nabla_b[j] = nabla_b[j] / m
            for k in range(len(nabla_w[j])):
                nabla_w[j][k] = nabla_w[j][k] / m
        mean.biases.append(Vector.wrap(nabla_b))
        mean.weights.append(Matrix.wrap(nabla_w))
    return mean


@equation("20", "w → w' = w - η/m Σ_j ∂C_Xj/∂w", updated="w'^l", w="w^l")
@named(rate="η/m", nabla_w="∂C/∂w^l")
@equation("16", "w → w' = w - η ∂C/∂w")
def updated_weights(weights: Matrix, nabla_sum: Matrix, eta: float, m: int) -> Matrix:
    """Return the weights after one step on a mini-batch of m examples, equation (20).

    ``nabla_sum`` is Σ_j ∂C_Xj/∂w over the mini-batch. With m = 1 this is (16).

    >>> updated_weights(Matrix([[1, 2]]), Matrix([[4, -4]]), eta=0.5, m=2)
    Matrix([[0.0, 3.0]])
    """
    require_matrix("weights", weights)
    require_matrix("nabla_sum", nabla_sum, *weights.shape)
    if type(eta) is not float or type(m) is not int or not (isfinite(eta) and 1 <= m <= MOST):
        require_rate(eta, m)
    w = weights.rows
    nabla_w = nabla_sum.rows
    rate = eta / m
    updated = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            updated[j][k] = w[j][k] - rate * nabla_w[j][k]
    return Matrix.wrap(updated)


@equation("21", "b → b' = b - η/m Σ_j ∂C_Xj/∂b", updated="b'^l", b="b^l")
@named(rate="η/m", nabla_b="∂C/∂b^l")
@equation("17", "b → b' = b - η ∂C/∂b")
@equation("94", "b → b' = b - η/m Σ_x ∂C_x/∂b")
def updated_biases(biases: Vector, nabla_sum: Vector, eta: float, m: int) -> Vector:
    """Return the biases after one step on a mini-batch of m examples, equation (21).

    Penalties do not change biases: (94), with a penalty, is the same equation.

    >>> updated_biases(Vector([1, 2]), Vector([4, -4]), eta=0.5, m=2)
    Vector([0.0, 3.0])
    """
    require_vector("biases", biases)
    require_vector("nabla_sum", nabla_sum, len(biases))
    if type(eta) is not float or type(m) is not int or not (isfinite(eta) and 1 <= m <= MOST):
        require_rate(eta, m)
    b = biases.entries
    nabla_b = nabla_sum.entries
    rate = eta / m
    updated = biases.to_list()
    for j in range(len(b)):
        updated[j] = b[j] - rate * nabla_b[j]
    return Vector.wrap(updated)


@equation("93", "w → w' = (1 - ηλ/n) w - η/m Σ_x ∂C_x/∂w", updated="w'^l", w="w^l")
@named(rate="η/m", shrink="(1 - ηλ/n)", nabla_w="∂C/∂w^l")
@equation("92", "w → w' = (1 - ηλ/n) w - η ∂C_0/∂w")
@equation("98", "w → w' = w (1 - ηλ/n) - η ∂C_0/∂w")
def l2_updated_weights(
    weights: Matrix, nabla_sum: Matrix, eta: float, m: int, lmbda: float, n: int
) -> Matrix:
    """Return the weights after one step with the L2 penalty, equation (93): weight decay.

    ``nabla_sum`` is Σ_x ∂C_x/∂w over the m examples of the mini-batch, without the penalty; n is
    the size of the training set. With m = 1 this is (92), and (98).

    >>> l2_updated_weights(Matrix([[1, 2]]), Matrix([[4, -4]]), 0.5, 2, lmbda=10.0, n=10)
    Matrix([[-0.5, 2.0]])
    """
    require_matrix("weights", weights)
    require_matrix("nabla_sum", nabla_sum, *weights.shape)
    require_rate(eta, m)
    require_penalty(lmbda, n)
    w = weights.rows
    nabla_w = nabla_sum.rows
    rate = eta / m
    shrink = 1.0 - eta * lmbda / n
    updated = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            updated[j][k] = shrink * w[j][k] - rate * nabla_w[j][k]
    return Matrix.wrap(updated)


def sgn(w: float) -> float:
    """Return the sign of w: 1, -1, or 0 if w is 0.

    >>> sgn(0.25), sgn(-3.0), sgn(0.0)
    (1.0, -1.0, 0.0)
    """
    if type(w) is not float:
        require_real("w", w)
    if w > 0.0:
        return 1.0
    if w < 0.0:
        return -1.0
    return 0.0


@equation("97", "w → w' = w - ηλ/n sgn(w) - η/m Σ_x ∂C_x/∂w", updated="w'^l", w="w^l")
@named(rate="η/m", constant="ηλ/n", nabla_w="∂C/∂w^l")
def l1_updated_weights(
    weights: Matrix, nabla_sum: Matrix, eta: float, m: int, lmbda: float, n: int
) -> Matrix:
    """Return the weights after one step with the L1 penalty, equation (97).

    Every weight that is not 0 moves by the same constant towards 0, and may cross it.

    >>> l1_updated_weights(Matrix([[1, -2]]), Matrix([[4, -4]]), 0.5, 2, lmbda=10.0, n=10)
    Matrix([[-0.5, -0.5]])
    """
    require_matrix("weights", weights)
    require_matrix("nabla_sum", nabla_sum, *weights.shape)
    require_rate(eta, m)
    require_penalty(lmbda, n)
    w = weights.rows
    nabla_w = nabla_sum.rows
    rate = eta / m
    constant = eta * lmbda / n
    updated = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            updated[j][k] = w[j][k] - constant * sgn(w[j][k]) - rate * nabla_w[j][k]
    return Matrix.wrap(updated)
