"""Gradient descent on any C(v): a ball rolls down a valley, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from numbers import Real
from typing import NamedTuple, Optional, Union

from tinynn.errors import (
    ArgumentError,
    DataError,
    DivergenceError,
    TinyNNError,
    require_bool,
    require_count,
    require_function,
    require_positive,
    require_real,
)
from tinynn.linalg import (
    Matrix,
    Vector,
    finite_float,
    require_finite,
    require_matrix,
    require_vector,
)
from tinynn.notation import equation, named

Function = Callable[[Vector], float]
GradientFunction = Callable[[Vector], Vector]
HessianFunction = Callable[[Vector], Matrix]

_ROUNDING = 1e-13  # times an H_jj: a pivot below this is 0 except for rounding
_ASYMMETRY = 1e-6  # times ‖H‖: the largest difference between H_jk and H_kj


@equation("12", "ΔC ≈ ∇C · Δv = Σ_j ∂C/∂v_j Δv_j", nabla="∂C/∂v", dv="Δv")
@equation("9", "ΔC ≈ ∇C · Δv")
@equation("7", "ΔC ≈ ∂C/∂v_1 Δv_1 + ∂C/∂v_2 Δv_2")
def cost_change(gradient: Vector, delta_v: Vector) -> float:
    """Return the linear estimate of how much a small Δv changes C, equations (7), (9), (12).

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
    """Return the slope of C at v, measured by moving v a little both ways.

    The book's (46) moves v one way only, with an error of order ε; moving it both ways has an
    error of order ε².

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
    """Return the larger of ε and ε |v|, so that a move of v is not lost in rounding.

    >>> scaled_epsilon(0.5, 0.001), scaled_epsilon(-2000.0, 0.001)
    (0.001, 2.0)
    """
    return require_positive("epsilon", epsilon) * max(1.0, abs(finite_float(v, "v")))


@equation("13", "∇C = (∂C/∂v_1, …, ∂C/∂v_m)ᵀ", nabla="∂C/∂v", position="v")
@equation("8", "∇C = (∂C/∂v_1, ∂C/∂v_2)ᵀ")
def numerical_gradient(C: Function, v: Vector, epsilon: float = 1e-5) -> Vector:
    """Return the gradient of C at v, equations (8), (13): one numerical derivative per entry.

    Each entry is moved by the larger of ε and ε |v_j|, so that the move is not lost in rounding.

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
    """Return the step of this length that lowers C the most, to first order.

    By the Cauchy-Schwarz inequality |∇C · Δv| ≤ ‖∇C‖ ‖Δv‖, so the best step of length ε is
    Δv = -η ∇C with η = ε / ‖∇C‖. Raises TinyNNError if ∇C = 0: no direction leads down.

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
        delta_v[j] = -length * (nabla[j] / size)  # ε / ‖∇C‖ alone may overflow
    return Vector.wrap(delta_v)


@named("Δv' = μ Δv - η ∇C", turned="Δv'", dv="Δv", nabla="∂C/∂v", mu="μ")
def momentum_step(gradient: Vector, delta_v: Vector, eta: float, mu: float) -> Vector:
    """Return Δv' = μ Δv - η ∇C, the next step of a ball with momentum.

    The ball's velocity is its last step Δv, so this is (107) for any C(v); 1 - μ is the friction.
    With μ = 0 it is (14). The next position is v' = v + Δv', as in (108).

    >>> momentum_step(Vector([2, -4]), Vector([1, 1]), eta=0.25, mu=0.5)
    Vector([0.0, 1.5])
    """
    require_vector("gradient", gradient)
    require_vector("delta_v", delta_v, len(gradient))
    finite_float(eta, "eta")
    finite_float(mu, "mu")
    nabla = gradient.entries
    dv = delta_v.entries
    turned = [0.0] * len(dv)
    for j in range(len(dv)):
        turned[j] = mu * dv[j] - eta * nabla[j]
    return Vector.wrap(turned)


@named("v + μ Δv", position="v", dv="Δv", mu="μ")
def place_ahead(v: Vector, delta_v: Vector, mu: float) -> Vector:
    """Return v + μ Δv, where momentum alone leads. Nesterov's variant takes ∇C there.

    >>> place_ahead(Vector([1, 1]), Vector([2, -4]), mu=0.5)
    Vector([2.0, -1.0])
    """
    require_vector("v", v)
    require_vector("delta_v", delta_v, len(v))
    finite_float(mu, "mu")
    position = v.entries
    dv = delta_v.entries
    ahead = [0.0] * len(position)
    for j in range(len(position)):
        ahead[j] = position[j] + mu * dv[j]
    return Vector.wrap(ahead)


@named("v' = v + Δv'", moved="v'", position="v", dv="Δv'")
def moved_by(v: Vector, delta_v: Vector) -> Vector:
    """Return v' = v + Δv', the next position of a ball, as in (108).

    >>> moved_by(Vector([1, 1]), Vector([0.5, -4]))
    Vector([1.5, -3.0])
    """
    require_vector("v", v)
    require_vector("delta_v", delta_v, len(v))
    position = v.entries
    dv = delta_v.entries
    moved = [0.0] * len(position)
    for j in range(len(position)):
        moved[j] = position[j] + dv[j]
    return Vector.wrap(moved)


@equation("105", "C(w + Δw) ≈ C(w) + ∇C · Δw + 1/2 Δwᵀ H Δw", nabla="∂C/∂w", dw="Δw", h="H")
@equation("104", "C(w + Δw) = C(w) + ∇C · Δw + 1/2 Δwᵀ H Δw + …")
@equation("103", "C(w + Δw) = C(w) + Σ_j ∂C/∂w_j Δw_j + 1/2 Σ_jk Δw_j ∂²C/∂w_j∂w_k Δw_k + …")
def second_order_change(gradient: Vector, hessian: Matrix, delta_v: Vector) -> float:
    """Return the second-order estimate of C(w + Δw) - C(w), equations (103), (104), (105).

    H is the Hessian of C, with entries H_jk = ∂²C/∂w_j∂w_k. The estimate is exact if C is
    quadratic; otherwise its error is of order ‖Δw‖³.

    >>> second_order_change(Vector([2, -1]), Matrix([[2, 1], [1, 4]]), Vector([0.5, 0.25]))
    1.25
    """
    require_vector("gradient", gradient)
    require_vector("delta_v", delta_v, len(gradient))
    require_matrix("hessian", hessian, len(gradient), len(gradient))
    nabla = gradient.entries
    dw = delta_v.entries
    h = hessian.rows
    total = 0.0
    for j in range(len(dw)):
        total += nabla[j] * dw[j]
        for k in range(len(dw)):
            total += 0.5 * dw[j] * h[j][k] * dw[k]
    return total


def numerical_hessian(C: Function, v: Vector, epsilon: float = 1e-4) -> Matrix:
    """Return the Hessian of C at v, H_jk = ∂²C/∂v_j∂v_k, measured by moving two entries both ways.

    H_jk ≈ (C(v + ε_j + ε_k) - C(v + ε_j - ε_k) - C(v - ε_j + ε_k) + C(v - ε_j - ε_k)) / 4 ε_j ε_k,
    where ε_j moves entry j by the larger of ε and ε |v_j|.

    >>> hessian = numerical_hessian(lambda v: v[0] ** 2 + 3 * v[0] * v[1], Vector([1, 2]))
    >>> [[round(entry, 6) for entry in row] for row in hessian]
    [[2.0, 3.0], [3.0, 0.0]]
    """
    require_function("C", C, "lambda v: v @ v")
    require_vector("v", v)
    move = [scaled_epsilon(v[j], epsilon) for j in range(len(v))]

    def cost_at(j: int, sign_j: int, k: int, sign_k: int) -> float:
        place = v.copy()
        place[j] += sign_j * move[j]
        place[k] += sign_k * move[k]
        cost = C(place)
        require_real("C", cost)
        return cost

    h = Matrix.zeros(len(v), len(v))
    for j in range(len(v)):
        for k in range(j + 1):
            ahead = cost_at(j, 1, k, 1) - cost_at(j, 1, k, -1)
            behind = cost_at(j, -1, k, 1) - cost_at(j, -1, k, -1)
            h.rows[j][k] = h.rows[k][j] = (ahead - behind) / (4.0 * move[j] * move[k])
    return h


@equation("106", "Δw = -H⁻¹ ∇C", h="H", nabla="∂C/∂w", delta_w="Δw")
def hessian_step(hessian: Matrix, gradient: Vector, eta: float = 1.0) -> Vector:
    """Return the step Δw = -H⁻¹ ∇C to the minimum of C to second order, equation (106).

    With ``eta`` it is -η H⁻¹ ∇C, as used in practice. The code solves H Δw = -η ∇C by elimination,
    column by column, and forms no inverse. Raises TinyNNError if H is not positive definite: the
    step would not lead to a minimum. Raises DataError if H is not symmetric.

    >>> hessian_step(Matrix([[2, 0], [0, 8]]), Vector([2, 8]))
    Vector([-1.0, -1.0])
    """
    require_vector("gradient", gradient)
    _require_symmetric(hessian, len(gradient))
    finite_float(eta, "eta")
    nabla = gradient.entries
    h = hessian.to_lists()
    delta_w = [0.0] * len(nabla)
    for j in range(len(nabla)):
        delta_w[j] = -eta * nabla[j]
    for i in range(len(nabla)):
        if not h[i][i] > _ROUNDING * hessian.rows[i][i]:
            raise _not_positive_definite(hessian)
        for j in range(len(nabla)):
            if j != i:
                factor = h[j][i] / h[i][i]
                for k in range(i, len(nabla)):
                    h[j][k] = h[j][k] - factor * h[i][k]
                delta_w[j] = delta_w[j] - factor * delta_w[i]
    for j in range(len(nabla)):
        delta_w[j] = delta_w[j] / h[j][j]
    return Vector.wrap(delta_w)


def _require_symmetric(hessian: Matrix, size: int) -> None:
    """Raise ShapeError or DataError unless this is a symmetric Matrix of finite numbers."""
    require_matrix("hessian", hessian, size, size)
    if not hessian.is_finite():
        raise DataError("hessian: expected finite numbers")
    h, most = hessian.rows, _ASYMMETRY * hessian.norm()
    for j in range(size):
        for k in range(j):
            if not abs(h[j][k] - h[k][j]) <= most:
                pair = f"entry {k}, {j} is {h[k][j]!r} and entry {j}, {k} is {h[j][k]!r}"
                raise DataError(f"hessian: expected a symmetric Matrix, but {pair}")


def _not_positive_definite(hessian: Matrix) -> TinyNNError:
    """Return the error that names a saddle, a maximum or a singular H in place of a minimum.

    The pivots, each the largest remaining entry of the diagonal, have the signs of the curvatures.
    If the remaining diagonal is all 0, any other entry curves C both ways.
    """
    h, left = hessian.to_lists(), list(range(len(hessian)))
    up = down = flat = False
    while left:
        i = max(left, key=lambda j: abs(h[j][j]))
        if abs(h[i][i]) <= _ROUNDING * abs(hessian.rows[i][i]):
            both = any(abs(h[j][k]) > _ROUNDING * hessian.norm() for j in left for k in left)
            up, down, flat = up or both, down or both, True
            break
        up, down = up or h[i][i] > 0.0, down or h[i][i] < 0.0
        left.remove(i)
        for j in left:
            factor = h[j][i] / h[i][i]
            for k in left:
                h[j][k] -= factor * h[i][k]
    if up and down:
        found = "a saddle: C curves up in one direction and down in another"
    elif down and not flat:
        found = "a maximum: C curves down in every direction"
    else:
        found = "a singular H: in one direction C curves neither up nor down"
    expected = "hessian: expected a positive definite Matrix, as at a minimum"
    return TinyNNError(f"{expected}, got {found}; take steps -η ∇C here")


class DescentStep(NamedTuple):
    """One step of a descent: the position v, its cost, the gradient used, and the next move Δv."""

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
    mu: float = 0.0,
    nesterov: bool = False,
    hessian: Union[bool, HessianFunction] = False,
) -> Iterator[DescentStep]:
    """Descend C from ``start``: yield a DescentStep with v, C(v), ∇C and Δv, then move to v + Δv.

    ``C`` and ``gradient`` take a Vector; without ``gradient`` it is computed numerically. A single
    number as ``start`` is a Vector of one entry. Raises DivergenceError as soon as C, ∇C or v
    leaves the range of floats, because the learning rate is far too large.

    With ``mu`` the ball has momentum: Δv' = μ Δv - η ∇C, from Δv = 0, as in (107) and (108).
    Any finite μ is allowed, so that you can see bad ones fail. With ``nesterov`` ∇C is taken at
    v + μ Δv. With ``hessian`` the steps are Δv = -η H⁻¹ ∇C, (106): True computes H numerically;
    a function of v returns it as a Matrix. Raises TinyNNError if H is not positive definite.

    >>> for s in descend(lambda v: v @ v, 1.0, eta=0.25, steps=3, gradient=lambda v: 2 * v):
    ...     print(s.number, s.v, s.cost, s.gradient)
    0 Vector([1.0]) 1.0 Vector([2.0])
    1 Vector([0.5]) 0.25 Vector([1.0])
    2 Vector([0.25]) 0.0625 Vector([0.5])
    """
    eta = require_positive("eta", eta)
    steps = require_count("steps", steps)
    epsilon = require_positive("epsilon", epsilon)
    mu = finite_float(mu, "mu")
    require_function("C", C, "lambda v: v @ v")
    if gradient is not None:
        require_function("gradient", gradient, "lambda v: 2 * v")
    require_bool("nesterov", nesterov)
    if not isinstance(hessian, bool):
        require_function("hessian", hessian, "lambda v: Matrix([[2]])")
    if hessian is not False and (mu or nesterov):
        raise ArgumentError("hessian cannot go with mu and nesterov: leave them out")
    v = Vector([start] if isinstance(start, Real) else start)  # type: ignore[arg-type, list-item]
    require_finite("start", v)

    def slope(v: Vector) -> Vector:
        nabla = gradient(v.copy()) if gradient is not None else numerical_gradient(C, v, epsilon)
        require_vector("gradient", nabla, len(v))
        return nabla.copy()

    def curvature(v: Vector) -> Matrix:
        h = hessian(v.copy()) if callable(hessian) else numerical_hessian(C, v)
        require_matrix("hessian", h, len(v), len(v))
        return h

    def roll(v: Vector) -> Iterator[DescentStep]:
        delta_v = Vector.zeros(len(v))
        for number in range(steps):
            h = None
            try:
                cost = C(v.copy())
                require_real("C", cost)
                seen = place_ahead(v, delta_v, mu) if nesterov and mu else v
                finite = isfinite(cost) and v.is_finite() and seen.is_finite()
                nabla = slope(seen) if finite else v
                finite = finite and nabla.is_finite()
                if finite and hessian is not False:
                    h = curvature(v)
                    finite = h.is_finite()
            except OverflowError:
                finite = False
            if not finite and number == 0:
                raise DataError("C: expected a finite cost and slope at the start")
            if not finite:
                blame = f"eta = {eta} is too large"
                blame += f", or mu = {mu} too far from 0" if mu else ""
                raise DivergenceError(f"after {number} steps C left the range of floats: {blame}")
            if h is not None:
                delta_v = hessian_step(h, nabla, eta)
            elif mu:
                delta_v = momentum_step(nabla, delta_v, eta, mu)
            else:
                delta_v = descent_step(nabla, eta)
            step = DescentStep(number, v, cost, nabla, delta_v.copy())
            plain = h is None and not mu
            v = updated_position(v, nabla, eta) if plain else moved_by(v, delta_v)
            yield step

    return roll(v)


# Seven balls in one valley, for (107): good values of μ, no friction, and bad values.
MOMENTA = (0.0, 0.5, 0.9, 1.0, 1.1, -0.5, -1.1)
ETA, STEPS = 0.1, 40


def rolling_ball(
    mu: float, eta: float = ETA, start: float = 1.0, steps: int = STEPS, nesterov: bool = False
) -> Iterator[DescentStep]:
    """Yield each step of a ball in the valley C(v) = v². Stop if it leaves the range of floats.

    As ∇C = 2 v, Nesterov's variant here equals plain momentum with μ (1 - 2η).

    >>> [step.v[0] for step in rolling_ball(mu=0.5, eta=0.25, steps=3)]
    [1.0, 0.5, 0.0, -0.25]
    """

    def C(v: Vector) -> float:
        return v[0] * v[0]

    places = require_count("steps", steps) + 1
    try:
        yield from descend(C, start, eta, places, lambda v: 2 * v, mu=mu, nesterov=nesterov)
    except DivergenceError:
        return
