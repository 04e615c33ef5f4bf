"""Activation functions: what the sigmoid promises, and no overflow at any float."""

from __future__ import annotations

from math import inf, isnan, tanh

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import moderate_floats
from tinynn import LINEAR, RELU, SIGMOID, STEP, TANH, Activation, ArgumentError
from tinynn.activations import (
    ACTIVATIONS,
    activation_named,
    relu,
    relu_prime,
    sigmoid,
    sigmoid_prime,
    step,
)
from tinynn.activations import tanh as tanh_neuron
from tinynn.descent import numerical_derivative

ANY_FLOAT = st.floats(allow_nan=False)  # the infinities too
EVERY = pytest.mark.parametrize("function", ACTIVATIONS.values(), ids=ACTIVATIONS)
EDGES = [0.0, -0.0, 5e-324, 36.0, 37.0, 699.9, 700.0, 700.1, 709.0, 710.0, 745.0, 746.0, 1e308, inf]

# Between what a function may answer, and what its slope may be.
VALUES = {
    "step": (0, 1),
    "linear": (-inf, inf),
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, inf),
}
SLOPES = {"step": (0, 0), "linear": (1, 1), "sigmoid": (0, 0.25), "tanh": (0, 1), "relu": (0, 1)}


@pytest.mark.ch1
@pytest.mark.parametrize(
    ("z", "expected"),
    [
        (0.0, 0.5),
        (1.0, 0.7310585786300049),
        (2.0, 0.8807970779778823),
        (-5.0, 0.0066928509242848554),
    ],
)
def test_sigmoid_at_points_worked_out_elsewhere(z: float, expected: float) -> None:
    """(3): 1 / (1 + e^-z), from tables with 16 digits."""
    assert sigmoid(z) == pytest.approx(expected, rel=1e-14)


@pytest.mark.ch1
@given(moderate_floats(30.0))
def test_sigmoid_is_a_hyperbolic_tangent_squeezed_into_0_to_1(z: float) -> None:
    """(3) by another road: σ(z) = (1 + tanh(z/2)) / 2, with the tanh of Python's math."""
    assert sigmoid(z) == pytest.approx((1.0 + tanh(z / 2.0)) / 2.0, abs=2**-50)


@pytest.mark.ch1
@given(ANY_FLOAT)
def test_sigmoid_stays_within_0_and_1(z: float) -> None:
    """(3): whatever z is, the output is from 0 to 1."""
    assert 0.0 <= sigmoid(z) <= 1.0


@pytest.mark.ch1
@given(ANY_FLOAT, ANY_FLOAT)
def test_sigmoid_never_falls(p: float, q: float) -> None:
    """(3): a larger z gives no smaller output; 2^-50 is room for rounding in the last bits."""
    lower, upper = sorted((p, q))
    assert sigmoid(lower) <= sigmoid(upper) * (1.0 + 2**-50)


@pytest.mark.ch1
@given(moderate_floats(25.0), st.floats(0.001, 5.0))
def test_sigmoid_rises_wherever_it_has_room(z: float, more: float) -> None:
    """(3): it is no step, so even a small push on z is seen in the output."""
    assert sigmoid(z) < sigmoid(z + more)


def test_sigmoid_never_falls_where_its_formula_changes() -> None:
    """(3): far to the left e^z stands for 1 / (1 + e^-z); the two halves must meet."""
    around = [sigmoid(-700.0 + i * 1e-6) for i in range(-5, 6)]
    assert around == sorted(around)
    assert len(set(around)) == 11, "each step of 10^-6 is seen"


@pytest.mark.ch1
@given(ANY_FLOAT)
def test_sigmoid_of_minus_z_is_one_minus_sigmoid_of_z(z: float) -> None:
    """(3): σ(-z) = 1 - σ(z), within the rounding of one subtraction from 1."""
    assert sigmoid(-z) == pytest.approx(1.0 - sigmoid(z), rel=0.0, abs=2**-52)


@pytest.mark.ch1
def test_sigmoid_is_nearly_a_perceptron_far_from_0() -> None:
    """(3): at ±10 the output is within 0.0001 of 1 and 0; at 0 it is 1/2, where a step jumps."""
    assert 1.0 - sigmoid(10.0) < 0.0001
    assert sigmoid(-10.0) < 0.0001
    assert (sigmoid(0.0), step(0.0)) == (0.5, 0.0)


@pytest.mark.ch2
@given(moderate_floats(30.0))
def test_sigmoid_prime_is_sigma_times_one_minus_sigma_and_the_slope(z: float) -> None:
    """σ' = σ (1 - σ): both sides against the slope that σ itself shows."""
    slope = numerical_derivative(sigmoid, z)
    assert sigmoid_prime(z) == pytest.approx(slope, abs=1e-9)
    assert sigmoid(z) * (1.0 - sigmoid(z)) == pytest.approx(slope, abs=1e-9)


@pytest.mark.ch2
@given(ANY_FLOAT)
def test_sigmoid_prime_is_at_most_a_quarter(z: float) -> None:
    """σ' is steepest at z = 0, where it is 1/4, and never below 0."""
    assert 0.0 <= sigmoid_prime(z) <= 0.25 == sigmoid_prime(0.0)


@pytest.mark.ch2
@EVERY
@given(z=moderate_floats(30.0).filter(lambda z: abs(z) > 0.001))
def test_each_derivative_is_the_slope_of_its_function_away_from_corners(
    function: Activation, z: float
) -> None:
    """σ'(z) ≈ (σ(z + ε) - σ(z - ε)) / 2ε, for each of the five."""
    assert function.derivative(z) == pytest.approx(
        numerical_derivative(function.value, z), abs=1e-8
    )


@EVERY
@given(z=ANY_FLOAT)
def test_no_float_overflows(function: Activation, z: float) -> None:
    """(3) and its relatives answer at every float, and stay between their bounds."""
    least, most = VALUES[function.name]
    assert least <= function.value(z) <= most
    least, most = SLOPES[function.name]
    assert least <= function.derivative(z) <= most


@EVERY
@pytest.mark.parametrize("z", EDGES + [-z for z in EDGES])
def test_no_edge_overflows(function: Activation, z: float) -> None:
    """The places where e^z or e^-z leaves the floats, tried by name."""
    answers = function.value(z), function.derivative(z)
    assert not any(isnan(answer) for answer in answers), f"σ({z!r}), σ'({z!r}) = {answers}"
    assert all(type(answer) is float for answer in answers)


def test_the_far_ends_are_reached() -> None:
    """At the ends of the real line each function is at the end of its range."""
    ends = {f.name: (f.value(-inf), f.value(inf)) for f in (STEP, LINEAR, SIGMOID, TANH, RELU)}
    assert ends == {
        "step": (0.0, 1.0),
        "linear": (-inf, inf),
        "sigmoid": (0.0, 1.0),
        "tanh": (-1.0, 1.0),
        "relu": (0.0, inf),
    }
    assert sigmoid(-740.0) > 0.0, "small as it is, e^-740 is still a float"


@given(moderate_floats(15.0))
def test_tanh_is_a_sigmoid_stretched_to_minus_1_to_1(z: float) -> None:
    """tanh(z) = 2 σ(2z) - 1."""
    assert tanh_neuron(z) == pytest.approx(2.0 * sigmoid(2.0 * z) - 1.0, abs=2**-50)


@pytest.mark.ch1
@given(ANY_FLOAT)
def test_step_answers_1_above_0_and_0_elsewhere(z: float) -> None:
    """(2): the answer is 1 only if z > 0; at 0 itself it is 0."""
    assert step(z) == (1.0 if z > 0 else 0.0)


@given(ANY_FLOAT)
def test_relu_is_the_larger_of_z_and_0(z: float) -> None:
    """A rectified neuron passes z on, or nothing."""
    assert relu(z) == max(z, 0.0)
    assert relu_prime(0.0) == 0.0, "at the corner it is agreed to be 0"


@pytest.mark.parametrize("function", ACTIVATIONS.values())
def test_an_activation_is_found_by_its_name_or_given_whole(function: Activation) -> None:
    """Both ways lead to the same function."""
    assert activation_named(function.name) is function
    assert activation_named(function) is function


@pytest.mark.parametrize("name", ["tan", "", "Sigmoid", None, 3, ["sigmoid"]])
def test_an_unknown_activation_is_refused_with_the_names_there_are(name: object) -> None:
    """The message lists all five, and what came."""
    with pytest.raises(ArgumentError, match="step, linear, sigmoid, tanh or relu, got"):
        activation_named(name)
