"""Gradient descent: a small step against the gradient leads down, a large one may not."""

from __future__ import annotations

from math import cos, exp, inf, nan, sin
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.claims import check
from tinynn import (
    ArgumentError,
    DataError,
    DivergenceError,
    Matrix,
    ShapeError,
    TinyNNError,
    Vector,
    descend,
)
from tinynn.descent import (
    DescentStep,
    cost_change,
    descent_step,
    hessian_step,
    momentum_step,
    moved_by,
    numerical_derivative,
    numerical_gradient,
    numerical_hessian,
    place_ahead,
    second_order_change,
    steepest_step,
    updated_position,
)
from tinynn.stepper import record
from tinynn.stepper.names import in_book
from tinynn.teaching.strategies import Valley, numbers, valleys, vectors


@st.composite
def bowls(draw: st.DrawFn, most: int = 4, min_curvature: float = 0.125) -> tuple[Valley, Vector]:
    """Draw a valley of up to four variables, and a place in it that is not its bottom."""
    valley = draw(valleys(max_size=most, min_curvature=min_curvature))
    v = draw(vectors(numbers(-3.0, 3.0), size=len(valley.bottom)))
    assume(valley.gradient(v).norm() > 0.001)
    return valley, v


@pytest.mark.ch1
def test_cost_change() -> None:
    """(7), (9), (12): ΔC ≈ ∇C · Δv, the sum over all variables."""
    check("cost-change", cost_change)


@pytest.mark.ch2
def test_numerical_slope() -> None:
    """(46): move v a little, and measure the change of C."""
    check("numerical-slope", numerical_derivative)


@pytest.mark.ch2
def test_a_numerical_derivative_asks_about_two_places() -> None:
    """(46), both ways: v + ε and v - ε, with ε = 10^-5 where nothing else is asked for."""
    asked: list[float] = []
    numerical_derivative(lambda v: asked.append(v) or 0.0, 0.5)  # type: ignore[func-returns-value]
    assert asked == [0.5 + 1e-5, 0.5 - 1e-5]


@pytest.mark.ch1
def test_numerical_gradient() -> None:
    """(8), (13): moving one variable at a time finds every slope."""
    check("numerical-gradient", numerical_gradient)


@pytest.mark.ch1
def test_a_numerical_gradient_asks_about_two_places_for_each_variable() -> None:
    """(8), (13): v_j ± ε with ε = 10^-5, or ε |v_j| where that is more; the others stay."""
    asked: list[list[float]] = []

    def C(v: Vector) -> float:
        asked.append(v.to_list())
        return 0.0

    numerical_gradient(C, Vector([0.5, -2000.0]))
    near, far = 1e-5, 1e-5 * 2000.0
    assert asked == [
        [0.5 + near, -2000.0],
        [0.5 - near, -2000.0],
        [0.5, -2000.0 + far],
        [0.5, -2000.0 - far],
    ]


@pytest.mark.ch1
def test_descent_direction() -> None:
    """(10), (14): Δv = -η ∇C."""
    check("descent-direction", descent_step)


@pytest.mark.ch1
def test_descent_step() -> None:
    """(11), (15): v → v' = v - η ∇C."""
    check("descent-step", updated_position)


@pytest.mark.ch1
def test_descent_decreases() -> None:
    """(11), (15): with η of at most 1/L every step goes down, by at least η/2 ‖∇C‖²."""
    check("descent-decreases", updated_position)


@pytest.mark.ch1
def test_descent_steepest() -> None:
    """Exercise (Cauchy-Schwarz): of all Δv with ‖Δv‖ = ε, -η ∇C with η = ε/‖∇C‖ is the best."""
    check("descent-steepest", updated_position)

    def of_length_eta(v: Vector, gradient: Vector, eta: float) -> Vector:
        return v + steepest_step(gradient, eta)

    check("descent-steepest", of_length_eta)


@pytest.mark.ch1
@given(bowls(), st.floats(0.05, 0.95))
def test_one_step_lowers_the_cost_for_small_enough_eta(
    place: tuple[Valley, Vector], part: float
) -> None:
    """(10), (11): with η < 1/L and away from the bottom, C falls, however little."""
    bowl, v = place
    assert bowl.cost(updated_position(v, bowl.gradient(v), part / bowl.lipschitz)) < bowl.cost(v)


@pytest.mark.ch1
@given(bowls(), st.floats(0.0001, 2.0))
def test_to_first_order_the_cost_falls_by_eta_times_the_squared_gradient(
    place: tuple[Valley, Vector], part: float
) -> None:
    """(9), (10): ΔC ≈ -η ‖∇C‖²; what is missed is at most L/2 ‖Δv‖², the square of the step."""
    bowl, v = place
    eta = part / bowl.lipschitz
    nabla = bowl.gradient(v)
    estimate = cost_change(nabla, descent_step(nabla, eta))
    assert estimate == pytest.approx(-eta * nabla.norm() ** 2, rel=1e-9)
    missed = bowl.cost(updated_position(v, nabla, eta)) - bowl.cost(v) - estimate
    assert abs(missed) <= 0.5 * bowl.lipschitz * (eta * nabla.norm()) ** 2 + 1e-9 * (
        1.0 + bowl.cost(v)
    )


@pytest.mark.ch1
def test_a_valley_worked_by_hand() -> None:
    """(7)-(11) for C = v_1² + 3 v_2² at (1, 1), η = 0.1: ∇C = (2, 6), and on to (0.8, 0.4)."""

    def C(v: Vector) -> float:
        return v[0] ** 2 + 3 * v[1] ** 2

    first, second = descend(
        C, [1, 1], eta=0.1, steps=2, gradient=lambda v: Vector([2 * v[0], 6 * v[1]])
    )
    assert (first.number, first.cost, first.gradient) == (0, 4.0, Vector([2, 6]))
    assert first.delta_v.to_list() == pytest.approx([-0.2, -0.6])
    assert second.v.to_list() == pytest.approx([0.8, 0.4])
    assert second.cost == pytest.approx(0.64 + 0.48)
    assert cost_change(first.gradient, first.delta_v) == pytest.approx(-0.1 * 40)


@pytest.mark.ch1
@given(vectors(), st.floats(0.001, 10.0))
def test_the_steepest_step_has_the_requested_length(nabla: Vector, length: float) -> None:
    """Exercise (Cauchy-Schwarz): ‖Δv‖ = ε, and C falls by ‖∇C‖ ε to first order."""
    assume(nabla.norm() > 1e-6)
    steepest = steepest_step(nabla, length)
    assert steepest.norm() == pytest.approx(length)
    assert cost_change(nabla, steepest) == pytest.approx(-nabla.norm() * length)


@pytest.mark.ch1
def test_where_the_gradient_is_zero_no_step_is_steepest() -> None:
    """Exercise (Cauchy-Schwarz): η = ε/‖∇C‖ has no meaning at the bottom."""
    with pytest.raises(TinyNNError, match="gradient is zero"):
        steepest_step(Vector([0, 0]), 1.0)
    for length in (0, -1.0, nan):
        with pytest.raises(ArgumentError, match="length"):
            steepest_step(Vector([3, 4]), length)


@pytest.mark.ch1
@given(bowls())
def test_the_numerical_gradient_is_the_gradient_of_a_bowl(place: tuple[Valley, Vector]) -> None:
    """(8), (13): moving one variable at a time finds A v."""
    bowl, v = place
    found, exact = numerical_gradient(bowl.cost, v), bowl.gradient(v)
    for j in range(len(v)):
        assert found[j] == pytest.approx(exact[j], abs=1e-6, rel=1e-6), f"∂C/∂v_{j + 1}"


@pytest.mark.ch2
@given(numbers(-3.0, 3.0))
def test_the_numerical_derivative_finds_slopes_known_from_calculus(v: float) -> None:
    """(46), both ways: sin' = cos, exp' = exp, (v³)' = 3 v²."""
    assert numerical_derivative(sin, v) == pytest.approx(cos(v), abs=1e-8)
    assert numerical_derivative(exp, v) == pytest.approx(exp(v), abs=1e-7)
    assert numerical_derivative(lambda v: v**3, v) == pytest.approx(3 * v * v, abs=1e-7)


@pytest.mark.ch2
def test_moving_both_ways_misses_like_the_square_of_epsilon() -> None:
    """(46): a tenth of ε has a hundredth of the error; one way it would have a tenth."""
    coarse, fine = (numerical_derivative(exp, 1.0, epsilon) - exp(1.0) for epsilon in (1e-2, 1e-3))
    assert coarse / fine == pytest.approx(100.0, rel=0.01)


@pytest.mark.ch1
def test_one_variable_works() -> None:
    """Exercise: in one dimension the gradient is the slope, and v walks down the curve."""
    steps = list(descend(lambda v: v[0] ** 2, 1.0, eta=0.25, steps=60))
    assert [len(step.v) for step in steps] == [1] * 60
    assert [step.v[0] for step in steps[:4]] == pytest.approx([1.0, 0.5, 0.25, 0.125], abs=1e-9)
    assert steps[59].cost < 1e-12


@pytest.mark.ch1
@given(bowls(), st.floats(0.05, 1.5), st.booleans())
def test_each_step_has_its_position_and_its_move(
    place: tuple[Valley, Vector], part: float, exact: bool
) -> None:
    """(10), (11): a step has v, C(v), ∇C(v) and Δv, and v + Δv is the next v."""
    bowl, start = place
    gradient = bowl.gradient if exact else None
    steps = list(descend(bowl.cost, start, part / bowl.lipschitz, 5, gradient))
    assert [step.number for step in steps] == [0, 1, 2, 3, 4]
    assert steps[0].v == start
    for step in steps:
        assert step.cost == bowl.cost(step.v)
        slopes = bowl.gradient(step.v)
        assert (step.gradient - slopes).norm() <= 1e-6 * (1.0 + slopes.norm())
        assert (step.delta_v + (part / bowl.lipschitz) * step.gradient).norm() <= 1e-9
    for step, following in zip(steps, steps[1:]):
        assert step.v + step.delta_v == following.v


@pytest.mark.ch1
def test_a_descent_without_a_gradient_finds_it_from_the_cost() -> None:
    """(11): C is asked at v, and at v ± 10^-5 for the slope there."""
    asked: list[float] = []
    (step,) = descend(lambda v: asked.append(v[0]) or 0.0, 0.5, 1.0, 1)  # type: ignore[func-returns-value]
    assert asked == [0.5, 0.5 + 1e-5, 0.5 - 1e-5]
    assert step.gradient == Vector([0.0])


@pytest.mark.ch1
@given(bowls())
def test_a_descent_comes_near_the_bottom(place: tuple[Valley, Vector]) -> None:
    """(11) repeated: with η < 1/L the cost never rises, all the way down."""
    bowl, start = place
    costs = [
        step.cost for step in descend(bowl.cost, start, 0.9 / bowl.lipschitz, 30, bowl.gradient)
    ]
    for before, after in zip(costs, costs[1:]):
        assert after <= before + 1e-12 * costs[0]
    assert costs[29] < costs[0]


@given(bowls())
def test_the_start_is_not_changed(place: tuple[Valley, Vector]) -> None:
    """The start belongs to the caller, as a list and as a Vector."""
    bowl, start = place
    vector, numbers = start.copy(), start.to_list()
    list(descend(bowl.cost, vector, 0.5 / bowl.lipschitz, 3))
    list(descend(bowl.cost, numbers, 0.5 / bowl.lipschitz, 3))
    assert vector == start
    assert numbers == start.to_list()


def v_squared(v: Vector) -> float:
    """Return C(v) = ‖v‖² as a dot product: beyond the floats it is inf, without an exception."""
    return v @ v


@pytest.mark.ch1
@pytest.mark.parametrize("eta", [10.0, 1e10, 1e200])
@pytest.mark.parametrize(
    "C", [v_squared, lambda v: v[0] ** 2 + v[1] ** 2], ids=["inf", "OverflowError"]
)
@pytest.mark.parametrize("exact", [True, False], ids=["exact gradient", "numerical gradient"])
def test_a_huge_eta_leaves_the_range_of_floats_and_is_named(
    eta: float, C: Any, exact: bool
) -> None:
    """(11) with η far above 1/L = 1/2: each step overshoots further, until C overflows."""
    gradient = (lambda v: 2 * v) if exact else None
    with pytest.raises(DivergenceError, match="eta = .* is too large"):
        list(descend(C, [1.0, -2.0], eta, 1000, gradient))


@pytest.mark.ch1
@pytest.mark.parametrize("what", ["cost", "slope"])
def test_an_infinite_cost_or_slope_ends_the_descent_before_that_step(what: str) -> None:
    """(11): from 0 over 1 to 2, where C, or its slope, is no float: two steps, and no third."""

    def C(v: Vector) -> float:
        return inf if what == "cost" and v[0] > 1.5 else v[0]

    def gradient(v: Vector) -> Vector:
        return Vector.wrap([-inf if what == "slope" and v[0] > 1.5 else -1.0])

    steps = descend(C, 0.0, 1.0, 5, gradient)
    assert [next(steps).v[0], next(steps).v[0]] == [0.0, 1.0]
    with pytest.raises(DivergenceError, match="after 2 steps .* eta = 1.0 is too large"):
        next(steps)
    with pytest.raises(DataError, match="expected a finite cost and slope at the start"):
        list(descend(C, 2.0, 1.0, 5, gradient))


def test_a_place_outside_the_floats_is_a_divergence_however_flat_the_cost() -> None:
    """(11): v' = 1 - 10 · 1e308 is not a float, even if C is finite there."""
    with pytest.raises(DivergenceError):
        list(descend(lambda v: 0.0, 1.0, 10.0, 3, gradient=lambda v: Vector([1e308])))


@pytest.mark.ch1
def test_an_eta_somewhat_too_large_climbs_where_a_small_one_falls() -> None:
    """(11) on C = v²: below η = 1 it comes down, above it goes up."""
    down = [s.cost for s in descend(v_squared, 1.0, 0.9, 10, lambda v: 2 * v)]
    up = [s.cost for s in descend(v_squared, 1.0, 1.1, 10, lambda v: 2 * v)]
    assert down == sorted(down, reverse=True)
    assert up == sorted(up)
    assert down[9] < 1.0 < up[9]


@pytest.mark.parametrize("exact", [True, False], ids=["exact gradient", "numerical gradient"])
def test_a_cost_that_spoils_its_argument_cannot_disturb_the_descent(exact: bool) -> None:
    """C gets copies of the Vectors, and may change them."""

    def spoiling(v: Vector) -> float:
        cost = v @ v
        for j in range(len(v)):
            v[j] = 99.0
        return cost

    def spoiling_gradient(v: Vector) -> Vector:
        slopes = 2 * v
        v[0] = 99.0
        return slopes

    clean = descend(v_squared, [1, 2], 0.25, 4, (lambda v: 2 * v) if exact else None)
    spoilt = descend(spoiling, [1, 2], 0.25, 4, spoiling_gradient if exact else None)
    assert list(spoilt) == list(clean)


def test_a_cost_that_keeps_its_arguments_keeps_the_visited_places() -> None:
    """(11): each step has its own v."""
    kept: list[Vector] = []

    def keeping(v: Vector) -> float:
        kept.append(v)
        return v @ v

    list(descend(keeping, [1, -1], 0.25, 1, epsilon=0.5))
    places = [v.to_list() for v in kept]
    assert places == [[1, -1], [1.5, -1], [0.5, -1], [1, -0.5], [1, -1.5]]


def test_steps_that_were_kept_stay_as_they_were() -> None:
    """A gradient function that writes into one Vector again and again changes no step taken."""
    page = Vector([0.0])

    def gradient(v: Vector) -> Vector:
        page[0] = 2 * v[0]
        return page

    steps = list(descend(v_squared, 1.0, 0.25, 3, gradient))
    assert [step.v[0] for step in steps] == [1.0, 0.5, 0.25]
    assert [step.gradient[0] for step in steps] == [2.0, 1.0, 0.5]


@pytest.mark.parametrize(
    "eta",
    [0, -1.0, nan, float("inf"), True, "1", None, pytest.param(10**400, id="10**400")],
)
def test_an_invalid_learning_rate_is_rejected_at_the_call(eta: Any) -> None:
    """η is a finite number above 0; the message comes before the first step is asked for."""
    with pytest.raises(ArgumentError, match="eta: expected a finite number above 0"):
        descend(v_squared, 1.0, eta, 1)


@pytest.mark.parametrize("steps", [0, -1, 2.5, True, "3", None])
def test_an_invalid_number_of_steps_is_rejected_at_the_call(steps: Any) -> None:
    """A whole number of at least 1."""
    with pytest.raises(ArgumentError, match="steps: expected a whole number"):
        descend(v_squared, 1.0, 0.1, steps)


def test_vectors_of_unequal_size_are_rejected() -> None:
    """No sum stops at the shorter list."""
    two, three = Vector([1, 2]), Vector([1, 2, 3])
    for p, q in ((two, three), (three, two)):
        with pytest.raises(ShapeError, match=f"Vector of {len(p)}, got Vector of {len(q)}"):
            cost_change(p, q)
        with pytest.raises(ShapeError, match=f"Vector of {len(p)}, got Vector of {len(q)}"):
            updated_position(p, q, 0.1)
    with pytest.raises(ShapeError, match="gradient: expected a Vector of 2, got Vector of 3"):
        list(descend(v_squared, two, 0.1, 1, gradient=lambda v: three))


def test_the_steepest_step_down_the_faintest_slope_has_its_length() -> None:
    """ε / ‖∇C‖ overflows for the smallest floats; the step itself does not."""
    assert steepest_step(Vector([5e-324]), 1.0) == Vector([-1.0])


def test_a_consumer_that_writes_into_a_step_does_not_bend_the_descent() -> None:
    """The next position is computed before the step is yielded."""
    places = []
    for step in descend(lambda v: v @ v, 1.0, 0.25, 3, gradient=lambda v: 2 * v):
        places.append(step.v[0])
        step.v[0] = step.gradient[0] = step.delta_v[0] = 99.0
    assert places == [1.0, 0.5, 0.25]


# Chapter 3: momentum, (107) and (108), where the velocity is the last step Δv.


def rolling(mu: float, eta: float = 0.1, steps: int = 40, **options: Any) -> list[DescentStep]:
    """Return a ball in the bowl C(v) = v², whose slope is 2 v, from v = 1."""
    return list(descend(v_squared, 1.0, eta, steps, lambda v: 2 * v, mu=mu, **options))


def far_out(steps: list[DescentStep]) -> float:
    """Return the largest distance of the ball from the bottom, 0."""
    return max(abs(step.v[0]) for step in steps)


@pytest.mark.ch3
def test_momentum_worked_by_hand() -> None:
    """(107), (108) on C = v², η = 1/4, μ = 1/2: Δv' = μ Δv - η ∇C, v' = v + Δv'."""
    steps = rolling(0.5, 0.25, 4)
    assert [step.delta_v[0] for step in steps] == [-0.5, -0.5, -0.25, 0.0]
    assert [step.v[0] for step in steps] == [1.0, 0.5, 0.0, -0.25]
    assert [step.gradient[0] for step in steps] == [2.0, 1.0, 0.0, -0.5]


@pytest.mark.ch3
def test_nesterov_worked_by_hand() -> None:
    """(107) with the slope 2 (v + μ Δv) of where momentum leads: at 0.5 - 0.25, then 0.125."""
    steps = rolling(0.5, 0.25, 3, nesterov=True)
    assert [step.gradient[0] for step in steps] == [2.0, 0.5, -0.125]
    assert [step.delta_v[0] for step in steps] == [-0.5, -0.375, -0.15625]
    assert [step.v[0] for step in steps] == [1.0, 0.5, 0.125]
    assert [step.cost for step in steps] == [1.0, 0.25, 0.015625]


@pytest.mark.ch3
def test_one_step_of_momentum() -> None:
    """(107), (108): Δv' = μ Δv - η ∇C = (3/2 - 1/2, 1/2 + 1), and v' = v + Δv'."""
    turned = momentum_step(Vector([1, -2]), Vector([3, 1]), eta=0.5, mu=0.5)
    assert turned == Vector([1.0, 1.5])
    assert moved_by(Vector([10, 20]), turned) == Vector([11.0, 21.5])
    assert place_ahead(Vector([10, 20]), turned, mu=0.5) == Vector([10.5, 20.75])


@pytest.mark.ch3
@given(bowls(), st.floats(0.05, 1.9), st.booleans(), st.booleans())
def test_with_mu_0_momentum_is_plain_descent_to_the_bit(
    place: tuple[Valley, Vector], part: float, exact: bool, nesterov: bool
) -> None:
    """(107) with μ = 0 is Δv = -η ∇C, (10), also in Nesterov's variant."""
    bowl, start = place
    gradient = bowl.gradient if exact else None
    roll = bowl.cost, start, part / bowl.lipschitz, 6, gradient
    assert repr(list(descend(*roll, mu=0.0, nesterov=nesterov))) == repr(list(descend(*roll)))
    v = start
    for step in descend(*roll, mu=0.0, nesterov=nesterov):
        assert repr(step.v) == repr(v)
        assert repr(step.delta_v) == repr(descent_step(step.gradient, part / bowl.lipschitz))
        v = updated_position(v, step.gradient, part / bowl.lipschitz)


@pytest.mark.ch3
def test_with_mu_0_the_sign_of_a_step_of_zero_is_that_of_plain_descent() -> None:
    """(107) with μ = 0: on the flat Δv = -η · 0 is -0.0, as in (10), and not 0 - 0."""
    (step,) = descend(lambda v: 0.0, 1.0, 0.5, 1, lambda v: Vector([0.0]), mu=0.0)
    assert repr(step.delta_v) == "Vector([-0.0])"


@pytest.mark.ch3
@settings(max_examples=30)
@given(bowls(2, 1.0), st.floats(0.3, 1.0), st.floats(0.05, 0.9), st.booleans())
def test_a_ball_with_friction_settles_at_the_bottom(
    place: tuple[Valley, Vector], part: float, mu: float, nesterov: bool
) -> None:
    """(107), 0 < μ < 1: friction 1 - μ takes the speed away, and v ends where ∇C = 0."""
    bowl, start = place
    eta = part / bowl.lipschitz
    *_, last = descend(bowl.cost, start, eta, 500, bowl.gradient, mu=mu, nesterov=nesterov)
    assert (last.v - bowl.bottom).norm() < 1e-3 * (start - bowl.bottom).norm()
    assert last.delta_v.norm() < 1e-3 * (start - bowl.bottom).norm()


@pytest.mark.ch3
@settings(max_examples=30)
@given(bowls(2, 1.0), st.floats(0.3, 1.0))
def test_a_ball_without_friction_swings_and_does_not_settle(
    place: tuple[Valley, Vector], part: float
) -> None:
    """(107), μ = 1: nothing takes the speed away; C is as high after 400 steps as in the first."""
    bowl, start = place
    eta = part / bowl.lipschitz
    steps = list(descend(bowl.cost, start, eta, 400, bowl.gradient, mu=1.0))
    early, late = (max(step.cost for step in part) for part in (steps[:60], steps[-60:]))
    assert 0.5 * early < late < 2.0 * early


@pytest.mark.ch3
def test_a_ball_without_friction_comes_back_to_where_it_started() -> None:
    """(107), μ = 1 on C = v²: it rises to -1 and 1 again and again, and never beyond 1.02."""
    steps = rolling(1.0, 0.01, 900)
    late = [step.v[0] for step in steps[450:]]
    assert max(late) == pytest.approx(1.0, abs=0.02)
    assert min(late) == pytest.approx(-1.0, abs=0.02)


@pytest.mark.ch3
@pytest.mark.parametrize("mu", [1.05, 1.1, 1.5, 3.0])
def test_above_mu_1_a_ball_gains_speed_and_leaves(mu: float) -> None:
    """(107), an exercise: friction 1 - μ below 0 pushes, each swing is wider than the last."""
    steps = rolling(mu, steps=300)
    farthest = [far_out(steps[at : at + 30]) for at in range(0, 300, 30)]
    assert farthest == sorted(farthest)
    assert farthest[9] > 100.0 * farthest[0]
    speeds = [max(step.delta_v.norm() for step in steps[at : at + 30]) for at in (0, 150, 270)]
    assert speeds == sorted(speeds)
    with pytest.raises(DivergenceError, match=f"mu = {mu} too far from 0"):
        rolling(mu, steps=20_000)


@pytest.mark.ch3
def test_below_mu_0_a_ball_jerks_back_against_its_last_move() -> None:
    """(107), an exercise: with the slope 0 the next step is against the last, |μ| times as far."""
    assert momentum_step(Vector([0]), Vector([8]), 0.1, -0.5) == Vector([-4])
    first, second, third = rolling(-0.5, 0.25, 3)
    assert [step.delta_v[0] for step in (first, second)] == [-0.5, 0.0]  # plain: -0.5, -0.25
    assert third.v[0] == 0.5


@pytest.mark.ch3
@given(st.floats(-0.95, -0.05), st.floats(0.001, 0.02))
def test_below_mu_0_a_ball_is_slower_than_without_momentum_in_a_long_valley(
    mu: float, eta: float
) -> None:
    """(107), an exercise: on a steady slope the steps are η/(1 - μ) of it, less than η."""
    plain, jerking = rolling(0.0, eta)[39], rolling(mu, eta)[39]
    assert jerking.v[0] > plain.v[0] > 0.0
    slope = Vector([2.0])
    *_, last = descend(lambda v: 2 * v[0], 0.0, 0.5, 800, lambda v: slope, mu=mu)
    assert last.delta_v[0] == pytest.approx(-1.0 / (1.0 - mu))


@pytest.mark.ch3
@pytest.mark.parametrize("mu", [-1.0, -1.1, -2.0])
@pytest.mark.parametrize("eta", [0.01, 0.1])
def test_from_mu_minus_1_down_the_jerks_grow(mu: float, eta: float) -> None:
    """(107), an exercise: each move is turned round and no smaller, and C leaves the floats."""
    jerks = rolling(mu, eta, 100)
    assert jerks[99].delta_v[0] * jerks[98].delta_v[0] < 0.0
    assert jerks[99].delta_v.norm() > 2.0 * jerks[9].delta_v.norm()
    with pytest.raises(DivergenceError, match="mu"):
        rolling(mu, eta, 100_000)


@pytest.mark.ch3
@given(st.floats(0.0, 1.5), st.floats(0.01, 0.3))
def test_on_a_steady_slope_momentum_gathers_speed(mu: float, eta: float) -> None:
    """(107): after n steps of one slope, Δv = -η ∇C (1 + μ + μ² + … + μ^(n-1))."""
    slope = Vector([3.0, -1.0])
    steps = list(descend(lambda v: v @ slope, [0, 0], eta, 12, lambda v: slope, mu=mu))
    for n, step in enumerate(steps, start=1):
        speed = sum(mu**i for i in range(n))
        assert step.delta_v.to_list() == pytest.approx([-3.0 * eta * speed, eta * speed])


def narrow(v: Vector) -> float:
    """Return C = (v_1² + 30 v_2²) / 2: a valley thirty times as steep across as it is along."""
    return 0.5 * (v[0] ** 2 + 30.0 * v[1] ** 2)


def across(mu: float, eta: float, nesterov: bool) -> list[float]:
    """Return the ball's positions across that valley, v_2, from (1, 1)."""
    slopes = lambda v: Vector([v[0], 30.0 * v[1]])  # noqa: E731
    steps = descend(narrow, [1, 1], eta, 60, slopes, mu=mu, nesterov=nesterov)
    return [step.v[1] for step in steps]


@pytest.mark.ch3
@given(st.floats(0.7, 0.97), st.floats(0.002, 0.025))
def test_nesterov_swings_less_far_than_plain_momentum_in_a_narrow_valley(
    mu: float, eta: float
) -> None:
    """(107), with the slope looked up ahead: it turns before it has gone as far up the side."""
    plain, ahead = (min(across(mu, eta, nesterov)) for nesterov in (False, True))
    assert plain < -0.01
    assert plain < ahead


@pytest.mark.ch3
def test_nesterov_settles_after_fewer_swings_than_plain_momentum() -> None:
    """(107) with μ = 0.9, η = 0.02: beyond ±0.05 plain momentum crosses 15 times."""

    def crossings(places: list[float]) -> int:
        wide = [place > 0.0 for place in places if abs(place) > 0.05]
        return sum(before != after for before, after in zip(wide, wide[1:]))

    plain, ahead = (across(0.9, 0.02, nesterov) for nesterov in (False, True))
    assert (crossings(plain), crossings(ahead)) == (15, 1)


@pytest.mark.ch3
def test_nesterov_takes_the_gradient_from_where_momentum_leads() -> None:
    """(107): the place that is asked about is v + μ Δv; the step keeps that gradient, and v."""
    asked: list[float] = []

    def gradient(v: Vector) -> Vector:
        asked.append(v[0])
        return 2 * v

    steps = list(descend(v_squared, 1.0, 0.1, 6, gradient, mu=0.9, nesterov=True))
    expected = [1.0] + [s.v[0] + s.delta_v[0] * 1.9 for s in steps[:-1]]
    assert asked == pytest.approx(expected)
    assert [step.gradient[0] for step in steps] == [2 * place for place in asked]


@pytest.mark.ch3
@given(bowls(), st.floats(-0.9, 1.1), st.booleans())
def test_each_step_with_momentum_has_its_move(
    place: tuple[Valley, Vector], mu: float, nesterov: bool
) -> None:
    """(107), (108): v + Δv is the next v; Δv' - μ Δv is -η times the gradient in the step."""
    bowl, start = place
    eta = 0.5 / bowl.lipschitz
    steps = list(descend(bowl.cost, start, eta, 6, None, mu=mu, nesterov=nesterov))
    velocity = Vector.zeros(len(start))
    for step, following in zip(steps, steps[1:]):
        assert step.v + step.delta_v == following.v
        seen = step.v + mu * velocity if nesterov else step.v
        assert (step.gradient - bowl.gradient(seen)).norm() < 1e-5 * (1.0 + step.gradient.norm())
        assert (step.delta_v - mu * velocity + eta * step.gradient).norm() < 1e-9
        velocity = step.delta_v


@pytest.mark.ch3
@pytest.mark.parametrize("nesterov", [False, True])
def test_a_consumer_that_writes_into_a_step_does_not_turn_a_rolling_ball(nesterov: bool) -> None:
    """The ball keeps its own velocity, separate from the DescentStep's."""
    places = []
    for step in descend(v_squared, 1.0, 0.1, 6, lambda v: 2 * v, mu=0.9, nesterov=nesterov):
        places.append(step.v[0])
        step.v[0] = step.gradient[0] = step.delta_v[0] = 99.0
    assert places == [step.v[0] for step in rolling(0.9, steps=6, nesterov=nesterov)]


@pytest.mark.parametrize("mu", [nan, inf, -inf, True, "0.9", None])
def test_a_mu_that_is_not_a_number_is_rejected_at_the_call(mu: Any) -> None:
    """Any finite number is allowed, also above 1 and below 0."""
    with pytest.raises(TinyNNError, match="mu: expected a finite number"):
        descend(v_squared, 1.0, 0.1, 1, mu=mu)
    with pytest.raises(ArgumentError, match="nesterov: expected True or False, got"):
        descend(v_squared, 1.0, 0.1, 1, nesterov=1)  # type: ignore[arg-type]


# Chapter 3: the Hessian, (103) to (106).


def spread_out(v: Vector) -> float:
    """Return C = exp(v_1) + v_1 v_2² + sin(v_2), which is not quadratic."""
    return exp(v[0]) + v[0] * v[1] ** 2 + sin(v[1])


@pytest.mark.ch3
def test_second_order_change_worked_by_hand() -> None:
    """(103): 2/2 - 1/4 + ½ (2/4 + 2 · 1/8 + 4/16) = 3/4 + 1/2."""
    assert second_order_change(Vector([2, -1]), Matrix([[2, 1], [1, 4]]), Vector([0.5, 0.25])) == (
        1.25
    )
    one_way = Matrix([[0, 8], [0, 0]])  # only H_12: each entry counts by itself
    assert second_order_change(Vector([0, 0]), one_way, Vector([0.5, 0.25])) == 0.5


@pytest.mark.ch3
@given(bowls(), st.data())
def test_to_second_order_the_change_of_a_quadratic_is_exact(
    place: tuple[Valley, Vector], data: st.DataObject
) -> None:
    """(103), (104), (105): of a quadratic nothing is left out, however long Δw."""
    bowl, v = place
    delta_v = data.draw(vectors(numbers(-3.0, 3.0), size=len(v)))
    change = bowl.cost(v + delta_v) - bowl.cost(v)
    estimate = second_order_change(bowl.gradient(v), bowl.matrix, delta_v)
    assert estimate == pytest.approx(change, rel=1e-9, abs=1e-9 * (1.0 + bowl.cost(v)))


@pytest.mark.ch3
@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_the_second_order_error_of_other_costs_falls_with_the_cube(x: float, y: float) -> None:
    """(105): a tenth of Δw has a thousandth of the error; to first order, a hundredth."""
    v, way = Vector([x, y]), Vector([0.6, 0.8])
    nabla = Vector([exp(x) + y * y, 2 * x * y + cos(y)])
    h = Matrix([[exp(x), 2 * y], [2 * y, 2 * x - sin(y)]])
    third = 0.6**3 * exp(x) + 6 * 0.6 * 0.64 - 0.512 * cos(y)  # the third derivative along the way
    missed = []
    for size in (0.1, 0.01):
        change = spread_out(v + size * way) - spread_out(v)
        missed.append(change - second_order_change(nabla, h, size * way))
        assert missed[-1] == pytest.approx(third * size**3 / 6, rel=0.2)
    assert missed[0] / missed[1] == pytest.approx(1000.0, rel=0.2)


@pytest.mark.ch3
@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_the_numerical_hessian_is_known_from_calculus(x: float, y: float) -> None:
    """(103): ∂²C/∂w_j∂w_k of exp(v_1) + v_1 v_2² + sin(v_2), and it is symmetric to the bit."""
    found = numerical_hessian(spread_out, Vector([x, y]))
    expected = [[exp(x), 2 * y], [2 * y, 2 * x - sin(y)]]
    for j in range(2):
        for k in range(2):
            assert found[j][k] == pytest.approx(expected[j][k], abs=1e-6)
    assert found == found.transpose()


@pytest.mark.ch3
@given(bowls())
def test_the_numerical_hessian_of_a_bowl_is_its_matrix(place: tuple[Valley, Vector]) -> None:
    """(104): H of ½ v · A v is A, wherever it is taken."""
    bowl, v = place
    assert (numerical_hessian(bowl.cost, v) - bowl.matrix).norm() < 1e-4


@pytest.mark.ch3
def test_a_numerical_hessian_moves_two_entries_both_ways() -> None:
    """(103): v_j ± ε and v_k ± ε with ε = 10^-4, or ε |v_j| where that is more."""
    asked: list[list[float]] = []

    def C(v: Vector) -> float:
        asked.append(v.to_list())
        return 0.0

    numerical_hessian(C, Vector([0.5, -2000.0]))
    near, far = 1e-4, 0.2
    moves = [(2, 0), (0, 0), (0, 0), (-2, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)]
    moves += [(0, 2), (0, 0), (0, 0), (0, -2)]
    places = [[0.5 + a * near, -2000.0 + b * far] for a, b in moves]
    assert [pytest.approx(place, rel=1e-15) for place in places] == asked


@pytest.mark.ch3
def test_the_hessian_step_worked_by_hand() -> None:
    """(106): 2 a + b = 4 and a + 3 b = 7 have a = 1, b = 2; the step is minus that."""
    step = hessian_step(Matrix([[2, 1], [1, 3]]), Vector([4, 7]))
    assert step.to_list() == pytest.approx([-1.0, -2.0])
    half = hessian_step(Matrix([[2, 1], [1, 3]]), Vector([4, 7]), eta=0.5)
    assert half.to_list() == pytest.approx([-0.5, -1.0])


@pytest.mark.ch3
@given(bowls())
def test_the_hessian_step_solves_its_equations(place: tuple[Valley, Vector]) -> None:
    """(106): H Δw = -∇C, tried out by multiplication, in 1 to 4 variables."""
    bowl, v = place
    h, nabla = bowl.matrix.copy(), bowl.gradient(v)
    given_nabla = nabla.copy()
    step = hessian_step(h, nabla)
    assert (h @ step + nabla).norm() < 1e-9 * (1.0 + nabla.norm())
    assert (h, nabla) == (bowl.matrix, given_nabla), "what it was given is as it was"


@pytest.mark.ch3
@given(bowls(), st.sampled_from(["exact", "numerical"]))
def test_one_hessian_step_minimises_a_quadratic(place: tuple[Valley, Vector], kind: str) -> None:
    """(106) with η = 1: however narrow and askew the bowl, v' is its bottom."""
    bowl, start = place
    hessian = (lambda v: bowl.matrix) if kind == "exact" else True
    first, second = descend(bowl.cost, start, 1.0, 2, bowl.gradient, hessian=hessian)
    near = 1e-8 if kind == "exact" else 1e-3
    assert (second.v - bowl.bottom).norm() < near * (1.0 + (start - bowl.bottom).norm())
    assert second.cost < near
    assert first.v + first.delta_v == second.v


@pytest.mark.ch3
@given(bowls(), st.floats(0.1, 1.9))
def test_a_damped_hessian_step_goes_a_part_of_the_way(
    place: tuple[Valley, Vector], eta: float
) -> None:
    """(106) as in practice, -η H⁻¹ ∇C: 1 - η of the way to the bottom is left, straight on."""
    bowl, start = place
    steps = list(descend(bowl.cost, start, eta, 4, bowl.gradient, hessian=lambda v: bowl.matrix))
    for step, following in zip(steps, steps[1:]):
        left = (1.0 - eta) * (step.v - bowl.bottom)
        assert (following.v - bowl.bottom - left).norm() < 1e-8 * (1.0 + left.norm())


@pytest.mark.ch3
def test_hessian_steps_find_the_end_of_a_curved_valley_where_descent_crawls() -> None:
    """(106) on Rosenbrock's (1 - v_1)² + 100 (v_2 - v_1²)², from (-1.2, 1): seven steps."""

    def curved(v: Vector) -> float:
        return (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2

    *_, last = descend(curved, [-1.2, 1.0], 1.0, 7, hessian=True)
    assert last.v.to_list() == pytest.approx([1.0, 1.0], abs=1e-6)
    *_, crawling = descend(curved, [-1.2, 1.0], 0.001, 70)
    assert crawling.cost > 1.0


@pytest.mark.ch3
@pytest.mark.parametrize(
    ("h", "what"),
    [
        ([[1, 2], [2, 1]], "a saddle"),
        ([[0, 1], [1, 0]], "a saddle"),
        ([[1e-20, 1], [1, 0]], "a saddle"),
        ([[2, 0, 0], [0, -1, 0], [0, 0, 0]], "a saddle"),
        ([[-1]], "a maximum"),
        ([[-1, 0.5], [0.5, -2]], "a maximum"),
        ([[0]], "singular"),
        ([[1, 1], [1, 1]], "singular"),
        ([[1, 1 / 3], [1 / 3, 1 / 9]], "singular"),
        ([[-1, -1], [-1, -1]], "singular"),
        ([[2, 0, 0], [0, 1, 2], [0, 2, 4]], "singular"),
    ],
)
def test_an_h_that_is_not_positive_definite_is_named_by_its_kind(
    h: list[list[float]], what: str
) -> None:
    """(106): -H⁻¹ ∇C leads to a minimum only where H is positive definite."""
    with pytest.raises(TinyNNError, match=f"positive definite.*{what}"):
        hessian_step(Matrix(h), Vector([1.0] * len(h)))


@pytest.mark.ch3
def test_a_hessian_descent_stops_on_a_saddle_by_name() -> None:
    """(106) on C = v_1² - v_2²: H is there, and leads to the saddle, which is no minimum."""
    with pytest.raises(TinyNNError, match="saddle"):
        list(descend(lambda v: v[0] ** 2 - v[1] ** 2, [1, 1], 1.0, 3, hessian=True))


def test_a_hessian_that_does_not_fit_is_rejected() -> None:
    """Not symmetric, of another size, no Matrix, not finite; each by name."""
    v = Vector([1, 1])
    with pytest.raises(DataError, match="symmetric .* entry 0, 1 is 2.0 and entry 1, 0 is 3.0"):
        hessian_step(Matrix([[5, 2], [3, 5]]), v)
    for other in (Matrix([[1]]), Matrix([[1, 2, 3], [4, 5, 6]]), [[1, 0], [0, 1]]):
        for call in (
            lambda h=other: hessian_step(h, v),
            lambda h=other: second_order_change(v, h, v),
            lambda h=other: list(descend(v_squared, v, 1.0, 1, hessian=lambda v: h)),
        ):
            with pytest.raises(ShapeError, match="hessian: expected a Matrix of 2×2"):
                call()
    with pytest.raises(DataError, match="finite"):
        hessian_step(Matrix.wrap([[nan, 0.0], [0.0, 1.0]]), v)
    with pytest.raises(ArgumentError, match="hessian: expected a function"):
        descend(v_squared, v, 1.0, 1, hessian=Matrix([[2, 0], [0, 2]]))  # type: ignore[arg-type]
    for options in ({"mu": 0.5}, {"nesterov": True}):
        with pytest.raises(ArgumentError, match="hessian cannot go with mu and nesterov"):
            descend(v_squared, v, 1.0, 1, hessian=True, **options)


@pytest.mark.ch3
@pytest.mark.parametrize("what", ["hessian", "cost"])
def test_a_hessian_descent_that_leaves_the_floats_raises_an_error(what: str) -> None:
    """(106): from 0 to where H, or C beside v, is no float."""

    def hessian(v: Vector) -> Matrix:
        return Matrix.wrap([[inf if what == "hessian" and v[0] > 0.5 else 1.0]])

    def C(v: Vector) -> float:
        return inf if what == "cost" and v[0] > 0.5 else -v[0]

    with pytest.raises(DivergenceError, match="after 1 steps"):
        list(descend(C, 0.0, 1.0, 3, lambda v: Vector([-1.0]), hessian=hessian))


@pytest.mark.ch3
def test_the_hessian_step_can_be_stepped_through() -> None:
    """(106) for H = (2 1; 1 4), ∇C = (1, 2): the elimination, line by line with its numbers."""
    with record() as steps:
        hessian_step(Matrix([[2, 1], [1, 4]]), Vector([1, 2]))
    assert {step.number for step in steps} == {"106"}
    lines = [(in_book(step), step.by_hand, step.result) for step in steps]
    assert lines[:6] == [
        ("−η ∂C/∂w_1", "(−1)(1)", -1.0),
        ("−η ∂C/∂w_2", "(−1)(2)", -2.0),
        ("H_21 / H_11", "1 / 2", 0.5),
        ("H_21 − factor H_11", "1 − (0.5)(2)", 0.0),
        ("H_22 − factor H_12", "4 − (0.5)(1)", 3.5),
        ("Δw_2 − factor Δw_1", "−2 − (0.5)(−1)", -1.5),
    ]
    assert lines[-1][0] == "Δw_2 / H_22"
    assert lines[-1][2] == pytest.approx(-3 / 7)


@pytest.mark.ch3
def test_the_second_order_and_momentum_can_be_stepped_through() -> None:
    """(105), (107), (108): ½ Δw_j H_jk Δw_k is a term; Δv' has its symbols."""
    with record(momentum_step, place_ahead, moved_by) as steps:
        second_order_change(Vector([2]), Matrix([[4]]), Vector([0.5]))
        moved_by(Vector([1]), momentum_step(Vector([2]), Vector([3]), 0.5, 0.5))
        place_ahead(Vector([1]), Vector([2]), 0.5)
    assert [(in_book(step), step.by_hand) for step in steps] == [
        ("sum + ∂C/∂w_1 Δw_1", "0 + (2)(0.5)"),
        ("sum + 0.5 Δw_1 H_11 Δw_1", "1 + (0.5)(0.5)(4)(0.5)"),
        ("μ Δv_1 − η ∂C/∂v_1", "(0.5)(3) − (0.5)(2)"),
        ("v_1 + Δv'_1", "1 + 0.5"),
        ("v_1 + μ Δv_1", "1 + (0.5)(2)"),
    ]
