"""The quadratic cost: worked by hand, and against its own slope."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tinynn import RELU, SIGMOID, Activation, DataError, ShapeError, TinyNNError, Vector
from tinynn.activations import LINEAR
from tinynn.costs import QUADRATIC
from tinynn.equations import mean_cost, quadratic, quadratic_derivative
from tinynn.layers.layer import Forward


@pytest.mark.ch2
def test_cost_formula() -> None:
    """(27): half the squared distance from a to y."""
    check("cost-formula", quadratic)


@pytest.mark.ch1
def test_cost_positive() -> None:
    """(6): C >= 0, and C = 0 only where a = y."""
    check("cost-positive", quadratic)


@pytest.mark.ch2
def test_cost_slope() -> None:
    """∂C/∂a_j = a_j - y_j, against moving a_j and watching C."""
    check("cost-slope", quadratic_derivative)
    assert QUADRATIC.derivative is quadratic_derivative
    assert QUADRATIC.value is quadratic


@pytest.mark.ch1
def test_mean_cost() -> None:
    """(6): the mean over n examples, not the sum, and not divided by the number of outputs."""

    def cost_of_all(outputs_list: list[Vector], desired_list: list[Vector]) -> float:
        return mean_cost([quadratic(a, y) for a, y in zip(outputs_list, desired_list)])

    check("mean-cost", cost_of_all)


@pytest.mark.ch2
@pytest.mark.parametrize(
    ("a", "y", "expected"),
    [([0.5], [1], 0.125), ([1, 0], [0, 1], 1.0), ([3, 4], [0, 0], 12.5), ([0.2], [0.2], 0.0)],
)
def test_quadratic_cost_worked_by_hand(a: list[float], y: list[float], expected: float) -> None:
    """(27): half the square of the distance from a to y."""
    assert quadratic(Vector(a), Vector(y)) == expected


@pytest.mark.ch2
def test_quadratic_derivative_worked_by_hand() -> None:
    """An output 1/2 too low has slope -1/2: raising it lowers the cost."""
    assert quadratic_derivative(Vector([0.5, 1, 2]), Vector([1, 1, 1])) == Vector([-0.5, 0, 1])


@pytest.mark.ch2
@pytest.mark.parametrize(
    ("function", "z", "a", "expected"),
    [(SIGMOID, 0.0, 0.5, -0.125), (LINEAR, 3.0, 3.0, 2.0), (RELU, -2.0, 0.0, 0.0)],
    ids=lambda value: getattr(value, "name", None),
)
def test_the_error_of_the_output_takes_the_slope_of_its_own_activation_function(
    function: Activation, z: float, a: float, expected: float
) -> None:
    """(BP1): (a - y) σ'(z) at y = 1, where σ' is 1/4, 1 and 0."""
    delta = QUADRATIC.error(Forward(Vector([z]), Vector([a]), function), Vector([1]))
    assert delta == Vector([expected]), "BP1: δ^L_j = ∂C/∂a^L_j σ'(z^L_j)"


@pytest.mark.ch1
def test_mean_cost_worked_by_hand() -> None:
    """(6): examples with 1/2 ‖y - a‖² of 1, 2 and 6 cost 3 in the mean."""
    assert mean_cost([1.0, 2.0, 6.0]) == 3.0


@pytest.mark.ch2
@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=20))
def test_mean_cost_is_the_average(costs: list[float]) -> None:
    """(26): C = 1/n Σ_x C_x, against exact fractions."""
    exact = sum(Fraction(cost) for cost in costs) / len(costs)
    assert mean_cost(costs) == pytest.approx(float(exact), rel=1e-12)


def test_the_cost_of_no_examples_is_refused() -> None:
    """1/n Σ has no meaning at n = 0: it is not 0."""
    with pytest.raises(DataError, match="at least one"):
        mean_cost([])


@pytest.mark.parametrize("function", [quadratic, quadratic_derivative])
def test_outputs_and_desired_of_unequal_size_are_refused(function: Any) -> None:
    """A cost of ten outputs is not worked out from three."""
    for a, y in (([1, 2, 3], [1]), ([1], [1, 2, 3])):
        with pytest.raises(ShapeError, match=f"desired: .* of {len(a)}, got Vector of {len(y)}"):
            function(Vector(a), Vector(y))


@pytest.mark.parametrize("function", [quadratic, quadratic_derivative])
@pytest.mark.parametrize("pair", [([1.0], Vector([1])), (Vector([1]), [1.0]), (Vector([1]), 1.0)])
def test_what_is_no_vector_is_refused(function: Any, pair: Any) -> None:
    """A bare list in the place of a Vector, as the output or as what was wanted."""
    with pytest.raises(TinyNNError, match="expected a Vector"):
        function(*pair)


def test_the_arguments_are_left_as_they_were() -> None:
    """The slope is a new Vector."""
    a, y = Vector([0.5, 0.25]), Vector([1, 0])
    quadratic_derivative(a, y)[0] = 99.0
    assert (a, y) == (Vector([0.5, 0.25]), Vector([1, 0]))
