"""Gradient descent on any C(v): the ball that rolls down the valley, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from numbers import Real
from typing import NamedTuple, Optional, Union

from tinynn.errors import (
    DataError,
    DivergenceError,
    TinyNNError,
    require_count,
    require_function,
    require_positive,
    require_real,
)
from tinynn.linalg import Vector, finite_float, require_finite, require_vector
from tinynn.notation import equation

Function = Callable[[Vector], float]
GradientFunction = Callable[[Vector], Vector]


@equation("12", "ΔC ≈ ∇C · Δv = Σ_j ∂C/∂v_j Δv_j", nabla="∂C/∂v", dv="Δv")
@equation("9", "ΔC ≈ ∇C · Δv")
@equation("7", "ΔC ≈ ∂C/∂v_1 Δv_1 + ∂C/∂v_2 Δv_2")
def cost_change(gradient: Vector, delta_v: Vector) -> float:
    """Return the linear estimate of how far a small Δv moves C, equations (7), (9), (12).

    >>> cost_change(Vector([2, -1]), Vector([0.5, 0.25]))
    0.75
    """
    require_vector("gradient", gradient)
    require_vector("delta_v", delta_v, len(gradient))
    nabla = gradient.entries
    dv = delta_v.entries
    total = 0.0
    for j in range(len(nabla)):
        total += nabla[j] * dv[j]
    return total


@equation("46", "∂C/∂v ≈ (C(v + ε) - C(v - ε)) / 2ε, both ways")
def numerical_derivative(C: Callable[[float], float], v: float, epsilon: float = 1e-5) -> float:
    """Return the slope of C at v, found by moving v a little both ways.

    The book's (46) moves one way only; moving both ways leaves an error of the order of ε²
    where one way leaves ε.

    >>> round(numerical_derivative(lambda v: v * v, 3.0), 6)
    6.0
    """
    require_function("C", C, "lambda v: v * v")
    finite_float(v, "v")
    epsilon = require_positive("epsilon", epsilon)
    ahead = C(v + epsilon)
    behind = C(v - epsilon)
    require_real("C(v + ε)", ahead)
    require_real("C(v - ε)", behind)
    return (ahead - behind) / (2.0 * epsilon)


def scaled_epsilon(v: float, epsilon: float) -> float:
    """Return ε, or ε |v| where that is more, so that a move of v is not lost in rounding.

    >>> scaled_epsilon(0.5, 0.001), scaled_epsilon(-2000.0, 0.001)
    (0.001, 2.0)
    """
    return require_positive("epsilon", epsilon) * max(1.0, abs(finite_float(v, "v")))


@equation("13", "∇C = (∂C/∂v_1, …, ∂C/∂v_m)ᵀ", nabla="∂C/∂v", position="v")
@equation("8", "∇C = (∂C/∂v_1, ∂C/∂v_2)ᵀ")
def numerical_gradient(C: Function, v: Vector, epsilon: float = 1e-5) -> Vector:
    """Return the gradient of C at v, equations (8), (13), one numerical derivative an entry.

    Each entry is moved by ε, or by ε |v_j| where that is more, so that the move is not lost in
    rounding.

    >>> bowl = lambda v: v[0] ** 2 + 3 * v[1] ** 2
    >>> [round(slope, 6) for slope in numerical_gradient(bowl, Vector([1, 2]))]
    [2.0, 12.0]
    """
    require_function("C", C, "lambda v: v @ v")
    require_vector("v", v)
    position = v.entries
    nabla = [0.0] * len(position)
    for j in range(len(position)):

        def along_j(value: float, j: int = j) -> float:
            moved = v.copy()
            moved[j] = value
            return C(moved)

        nabla[j] = numerical_derivative(along_j, position[j], scaled_epsilon(position[j], epsilon))
    return Vector.wrap(nabla)


@equation("14", "Δv = -η ∇C", delta_v="Δv", nabla="∂C/∂v")
@equation("10", "Δv = -η ∇C")
def descent_step(gradient: Vector, eta: float) -> Vector:
    """Return the step Δv = -η ∇C, equations (10), (14).

    >>> descent_step(Vector([2, -4]), 0.25)
    Vector([-0.5, 1.0])
    """
    require_vector("gradient", gradient)
    finite_float(eta, "eta")
    nabla = gradient.entries
    delta_v = [0.0] * len(nabla)
    for j in range(len(nabla)):
        delta_v[j] = -eta * nabla[j]
    return Vector.wrap(delta_v)


@equation("15", "v → v' = v - η ∇C", moved="v'", position="v", delta_v="Δv")
@equation("11", "v → v' = v - η ∇C")
def updated_position(v: Vector, gradient: Vector, eta: float) -> Vector:
    """Return the new position v' = v - η ∇C, equations (11), (15).

    >>> updated_position(Vector([1, 1]), Vector([2, -4]), 0.25)
    Vector([0.5, 2.0])
    """
    require_vector("v", v)
    require_vector("gradient", gradient, len(v))
    position = v.entries
    delta_v = descent_step(gradient, eta).entries
    moved = [0.0] * len(position)
    for j in range(len(position)):
        moved[j] = position[j] + delta_v[j]
    return Vector.wrap(moved)


def steepest_step(gradient: Vector, length: float) -> Vector:
    """Return, of all steps of this length, the one that lowers C the most to first order.

    By the Cauchy-Schwarz inequality |∇C · Δv| ≤ ‖∇C‖ ‖Δv‖, so the best step of length ε is
    Δv = -η ∇C with η = ε / ‖∇C‖. Raises TinyNNError where ∇C = 0: there no direction leads down.

    >>> steepest_step(Vector([3, 4]), 10.0)
    Vector([-6.0, -8.0])
    """
    require_vector("gradient", gradient)
    length = require_positive("length", length)
    size = gradient.norm()
    if size == 0.0:
        raise TinyNNError("the gradient is zero here: no step lowers C to first order")
    nabla = gradient.entries
    delta_v = [0.0] * len(nabla)
    for j in range(len(nabla)):
        delta_v[j] = -length * (nabla[j] / size)  # ε / ‖∇C‖ by itself may overflow
    return Vector.wrap(delta_v)


class Step(NamedTuple):
    """One step of a descent: where it stands, what it sees, and how it will move."""

    number: int
    v: Vector
    cost: float
    gradient: Vector
    delta_v: Vector


def descend(
    C: Function,
    start: Union[float, Iterable[float]],
    eta: float,
    steps: int,
    gradient: Optional[GradientFunction] = None,
    epsilon: float = 1e-5,
) -> Iterator[Step]:
    """Roll down C from ``start``: yield a Step with v, C(v), ∇C and Δv, then move to v + Δv.

    ``C`` and ``gradient`` take a Vector; without ``gradient`` it is found numerically. A single
    number as ``start`` is a Vector of one entry. Raises DivergenceError as soon as C, ∇C or v
    leaves the range of floats, which is what a learning rate far too large leads to.

    >>> for s in descend(lambda v: v @ v, 1.0, eta=0.25, steps=3, gradient=lambda v: 2 * v):
    ...     print(s.number, s.v, s.cost, s.gradient)
    0 Vector([1.0]) 1.0 Vector([2.0])
    1 Vector([0.5]) 0.25 Vector([1.0])
    2 Vector([0.25]) 0.0625 Vector([0.5])
    """
    eta = require_positive("eta", eta)
    steps = require_count("steps", steps)
    epsilon = require_positive("epsilon", epsilon)
    require_function("C", C, "lambda v: v @ v")
    if gradient is not None:
        require_function("gradient", gradient, "lambda v: 2 * v")
    v = Vector([start] if isinstance(start, Real) else start)  # type: ignore[arg-type, list-item]
    require_finite("start", v)

    def slope(v: Vector) -> Vector:
        nabla = gradient(v.copy()) if gradient is not None else numerical_gradient(C, v, epsilon)
        require_vector("gradient", nabla, len(v))
        return nabla.copy()

    def roll(v: Vector) -> Iterator[Step]:
        for number in range(steps):
            try:
                cost = C(v.copy())
                require_real("C", cost)
                finite = isfinite(cost) and v.is_finite()
                nabla = slope(v) if finite else v
                finite = finite and nabla.is_finite()
            except OverflowError:
                finite = False
            if not finite and number == 0:
                raise DataError("C: expected a finite cost and slope at the start")
            if not finite:
                raise DivergenceError(
                    f"after {number} steps C left the range of floats: eta = {eta} is too large"
                )
            step = Step(number, v, cost, nabla, descent_step(nabla, eta))
            v = updated_position(v, nabla, eta)
            yield step

    return roll(v)
