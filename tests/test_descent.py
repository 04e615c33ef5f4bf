"""Gradient descent: why a small step against the gradient leads down, and what a large one does."""

from __future__ import annotations

from math import cos, exp, inf, nan, sin
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.claims import check
from tinynn import (
    ArgumentError,
    DataError,
    DivergenceError,
    ShapeError,
    TinyNNError,
    Vector,
    descend,
)
from tinynn.descent import (
    cost_change,
    descent_step,
    numerical_derivative,
    numerical_gradient,
    steepest_step,
    updated_position,
)
from tinynn.teaching.strategies import Valley, numbers, valleys, vectors


@st.composite
def bowls(draw: st.DrawFn) -> tuple[Valley, Vector]:
    """A valley of up to four variables, and a place in it that is not its bottom."""
    valley = draw(valleys(max_size=4))
    v = draw(vectors(numbers(-3.0, 3.0), size=len(valley.bottom)))
    assume(valley.gradient(v).norm() > 0.001)
    return valley, v


@pytest.mark.ch1
def test_cost_change() -> None:
    """(7), (9), (12): ΔC ≈ ∇C · Δv, the sum over all variables."""
    check("cost-change", cost_change)


@pytest.mark.ch2
def test_numerical_slope() -> None:
    """(46): move v a little, and see how much C changes for it."""
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
def test_the_steepest_step_has_the_length_that_was_asked_for(nabla: Vector, length: float) -> None:
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
    """(46): a tenth of ε misses a hundredth, where moving one way would miss a tenth."""
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
def test_each_step_says_where_it_stands_and_where_it_goes(
    place: tuple[Valley, Vector], part: float, exact: bool
) -> None:
    """(10), (11): a Step holds v, C(v), ∇C(v) and Δv, and v + Δv is the next v."""
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
    """C(v) = ‖v‖², as a dot product: past the floats it is inf, with no exception."""
    return v @ v


@pytest.mark.ch1
@pytest.mark.parametrize("eta", [10.0, 1e10, 1e200])
@pytest.mark.parametrize(
    "C", [v_squared, lambda v: v[0] ** 2 + v[1] ** 2], ids=["inf", "OverflowError"]
)
@pytest.mark.parametrize("exact", [True, False], ids=["exact gradient", "numerical gradient"])
def test_a_huge_eta_leads_out_of_the_floats_and_says_so(eta: float, C: Any, exact: bool) -> None:
    """(11) with η far above 1/L = 1/2: each step overshoots further, until C overflows."""
    gradient = (lambda v: 2 * v) if exact else None
    with pytest.raises(DivergenceError, match="eta = .* is too large"):
        list(descend(C, [1.0, -2.0], eta, 1000, gradient))


@pytest.mark.ch1
@pytest.mark.parametrize("what", ["cost", "slope"])
def test_a_cost_or_slope_of_inf_ends_the_descent_before_the_step_is_told(what: str) -> None:
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
    """(11): v' = 1 - 10 · 1e308 is no float, even where C does not mind."""
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
    """C is asked with Vectors of its own, and may do what it likes with them."""

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


def test_a_cost_that_keeps_its_arguments_keeps_the_places_it_was_asked_about() -> None:
    """(11): today's v is not moved on to be tomorrow's v'."""
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
def test_a_learning_rate_that_makes_no_sense_is_refused_at_the_call(eta: Any) -> None:
    """η is a finite number above 0; the message comes before the first step is asked for."""
    with pytest.raises(ArgumentError, match="eta: expected a finite number above 0"):
        descend(v_squared, 1.0, eta, 1)


@pytest.mark.parametrize("steps", [0, -1, 2.5, True, "3", None])
def test_a_number_of_steps_that_makes_no_sense_is_refused_at_the_call(steps: Any) -> None:
    """A whole number of at least 1."""
    with pytest.raises(ArgumentError, match="steps: expected a whole number"):
        descend(v_squared, 1.0, 0.1, steps)


def test_vectors_of_unequal_size_are_refused() -> None:
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
    """The next place is known before a step is handed out."""
    places = []
    for step in descend(lambda v: v @ v, 1.0, 0.25, 3, gradient=lambda v: 2 * v):
        places.append(step.v[0])
        step.v[0] = step.gradient[0] = step.delta_v[0] = 99.0
    assert places == [1.0, 0.5, 0.25]
