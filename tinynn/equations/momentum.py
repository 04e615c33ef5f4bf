"""Momentum: the gradient changes velocities, and velocities change weights and biases.

Each weight and each bias has a velocity v. μ is the momentum coefficient, 1 - μ the friction:
with μ = 0 the old velocity is forgotten, and (107), (108) are gradient descent (20), (21).
"""

from __future__ import annotations

from tinynn.equations.updates import require_rate, sgn
from tinynn.errors import require_count, require_penalty
from tinynn.linalg import Matrix, Vector, finite_float, require_matrix, require_vector
from tinynn.notation import equation, named


@equation("88", "∂C/∂w = 1/m Σ_x ∂C_x/∂w + λ/n w", nabla="∂C/∂w^l", w="w^l")
@named(nabla_w="∂C_x/∂w^l", share="λ/n")
def l2_gradient(weights: Matrix, nabla_sum: Matrix, m: int, lmbda: float, n: int) -> Matrix:
    """Return ∂C/∂w of the cost with the L2 penalty, equation (88), from a mini-batch of m.

    >>> l2_gradient(Matrix([[1, 2]]), Matrix([[4, -4]]), 2, lmbda=5.0, n=10)
    Matrix([[2.5, -1.0]])
    """
    require_sums(weights, nabla_sum, m)
    require_penalty(lmbda, n)
    w = weights.rows
    nabla_w = nabla_sum.rows
    share = lmbda / n
    nabla = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            nabla[j][k] = nabla_w[j][k] / m + share * w[j][k]
    return Matrix.wrap(nabla)


@equation("96", "∂C/∂w = 1/m Σ_x ∂C_x/∂w + λ/n sgn(w)", nabla="∂C/∂w^l", w="w^l")
@named(nabla_w="∂C_x/∂w^l", share="λ/n")
def l1_gradient(weights: Matrix, nabla_sum: Matrix, m: int, lmbda: float, n: int) -> Matrix:
    """Return ∂C/∂w of the cost with the L1 penalty, equation (96), from a mini-batch of m.

    >>> l1_gradient(Matrix([[1, -2]]), Matrix([[4, -4]]), 2, lmbda=5.0, n=10)
    Matrix([[2.5, -2.5]])
    """
    require_sums(weights, nabla_sum, m)
    require_penalty(lmbda, n)
    w = weights.rows
    nabla_w = nabla_sum.rows
    share = lmbda / n
    nabla = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            nabla[j][k] = nabla_w[j][k] / m + share * sgn(w[j][k])
    return Matrix.wrap(nabla)


def require_sums(weights: Matrix, nabla_sum: Matrix, m: int) -> None:
    """Raise an error unless the sums over a mini-batch of m fit these weights."""
    require_matrix("weights", weights)
    require_matrix("nabla_sum", nabla_sum, *weights.shape)
    require_count("m", m)


@equation("107", "v → v' = μ v - η ∇C", updated="v'^l", v="v^l", nabla_w="∂C/∂w^l", rate="η/m")
def updated_velocity(velocity: Matrix, nabla_sum: Matrix, eta: float, m: int, mu: float) -> Matrix:
    """Return the velocities of weights after one step, equation (107).

    ``nabla_sum`` is Σ_x ∂C_x/∂w over a mini-batch of m examples. With m = 1 it is the gradient.

    >>> updated_velocity(Matrix([[2, 0]]), Matrix([[4, -4]]), 0.5, 2, mu=0.5)
    Matrix([[0.0, 1.0]])
    """
    require_matrix("velocity", velocity)
    require_matrix("nabla_sum", nabla_sum, *velocity.shape)
    require_rate(eta, m)
    finite_float(mu, "mu")
    v = velocity.rows
    nabla_w = nabla_sum.rows
    rate = eta / m
    updated = velocity.to_lists()
    for j in range(len(v)):
        for k in range(len(v[j])):
            updated[j][k] = mu * v[j][k] - rate * nabla_w[j][k]
    return Matrix.wrap(updated)


@equation("107b", "v → v' = μ v - η ∇C", updated="v'^l", v="v^l", nabla_b="∂C/∂b^l", rate="η/m")
def updated_bias_velocity(
    velocity: Vector, nabla_sum: Vector, eta: float, m: int, mu: float
) -> Vector:
    """Return the velocities of biases after one step: (107) for biases, called (107b) here.

    >>> updated_bias_velocity(Vector([2, 0]), Vector([4, -4]), 0.5, 2, mu=0.5)
    Vector([0.0, 1.0])
    """
    require_vector("velocity", velocity)
    require_vector("nabla_sum", nabla_sum, len(velocity))
    require_rate(eta, m)
    finite_float(mu, "mu")
    v = velocity.entries
    nabla_b = nabla_sum.entries
    rate = eta / m
    updated = velocity.to_list()
    for j in range(len(v)):
        updated[j] = mu * v[j] - rate * nabla_b[j]
    return Vector.wrap(updated)


@equation("108", "w → w' = w + v'", moved="w'^l", w="w^l", v="v'^l")
def moved_weights(weights: Matrix, velocity: Matrix) -> Matrix:
    """Return the weights after one step with the new velocities v', equation (108).

    >>> moved_weights(Matrix([[1, 2]]), Matrix([[0.5, -0.5]]))
    Matrix([[1.5, 1.5]])
    """
    require_matrix("weights", weights)
    require_matrix("velocity", velocity, *weights.shape)
    w = weights.rows
    v = velocity.rows
    moved = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            moved[j][k] = w[j][k] + v[j][k]
    return Matrix.wrap(moved)


@equation("108b", "b → b' = b + v'", moved="b'^l", b="b^l", v="v'^l")
def moved_biases(biases: Vector, velocity: Vector) -> Vector:
    """Return the biases after one step with the new velocities v': (108) for biases, (108b) here.

    >>> moved_biases(Vector([1, 2]), Vector([0.5, -0.5]))
    Vector([1.5, 1.5])
    """
    require_vector("biases", biases)
    require_vector("velocity", velocity, len(biases))
    b = biases.entries
    v = velocity.entries
    moved = biases.to_list()
    for j in range(len(b)):
        moved[j] = b[j] + v[j]
    return Vector.wrap(moved)


@equation("w+μv", "w + μ v, where Nesterov's gradient is taken", ahead="(w + μv)^l")
@named(w="w^l", v="v^l")
def weights_ahead(weights: Matrix, velocity: Matrix, mu: float) -> Matrix:
    """Return w + μ v, where the velocities alone lead the weights: Nesterov's (w+μv).

    >>> weights_ahead(Matrix([[1, 2]]), Matrix([[4, -4]]), 0.5)
    Matrix([[3.0, 0.0]])
    """
    require_matrix("weights", weights)
    require_matrix("velocity", velocity, *weights.shape)
    finite_float(mu, "mu")
    w = weights.rows
    v = velocity.rows
    ahead = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            ahead[j][k] = w[j][k] + mu * v[j][k]
    return Matrix.wrap(ahead)


@equation("b+μv", "b + μ v, where Nesterov's gradient is taken", ahead="(b + μv)^l")
@named(b="b^l", v="v^l")
def biases_ahead(biases: Vector, velocity: Vector, mu: float) -> Vector:
    """Return b + μ v, where the velocities alone lead the biases: Nesterov's (b+μv).

    >>> biases_ahead(Vector([1, 2]), Vector([4, -4]), 0.5)
    Vector([3.0, 0.0])
    """
    require_vector("biases", biases)
    require_vector("velocity", velocity, len(biases))
    finite_float(mu, "mu")
    b = biases.entries
    v = velocity.entries
    ahead = biases.to_list()
    for j in range(len(b)):
        ahead[j] = b[j] + mu * v[j]
    return Vector.wrap(ahead)
