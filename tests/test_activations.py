"""Activation functions: the properties of the sigmoid, and no overflow at any float."""

from __future__ import annotations

from math import inf, isnan, tanh

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.claims import check
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
from tinynn.teaching.strategies import numbers

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
@given(ANY_FLOAT)
@example(0.0)
def test_step_answers_1_above_0_and_0_elsewhere(z: float) -> None:
    """(2): the answer is 1 only if z > 0; at 0 itself it is 0."""
    assert step(z) == (1.0 if z > 0 else 0.0)


@pytest.mark.ch1
def test_sigmoid_formula() -> None:
    """(3): σ(z) = 1 / (1 + e^(-z))."""
    check("sigmoid-formula", sigmoid)


@pytest.mark.ch1
def test_sigmoid_limit() -> None:
    """(3): it tends to 0 and 1, stays between them, and overflows nowhere."""
    check("sigmoid-limit", sigmoid)


@pytest.mark.ch1
def test_sigmoid_symmetry() -> None:
    """(3): σ(-z) = 1 - σ(z)."""
    check("sigmoid-symmetry", sigmoid)


@pytest.mark.ch1
def test_sigmoid_rises() -> None:
    """(3): unlike a step, it changes its output for every small change of z."""
    check("sigmoid-rises", sigmoid)


@pytest.mark.ch2
def test_sigmoid_slope() -> None:
    """σ' = σ (1 - σ) is the slope that σ itself shows."""
    check("sigmoid-slope", sigmoid_prime)
    check("sigmoid-slope", lambda z: sigmoid(z) * (1.0 - sigmoid(z)))


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
def test_sigmoid_matches_tables_of_16_digits(z: float, expected: float) -> None:
    """(3): 1 / (1 + e^-z), from tables with 16 digits."""
    assert sigmoid(z) == pytest.approx(expected, rel=1e-14)


@pytest.mark.ch1
@given(numbers(-30.0, 30.0))
def test_sigmoid_is_a_hyperbolic_tangent_squeezed_into_0_to_1(z: float) -> None:
    """(3) in another way: σ(z) = (1 + tanh(z/2)) / 2, with the tanh of Python's math."""
    assert sigmoid(z) == pytest.approx((1.0 + tanh(z / 2.0)) / 2.0, abs=2**-50)


@pytest.mark.ch1
@given(ANY_FLOAT, ANY_FLOAT)
def test_sigmoid_never_falls_at_any_float(p: float, q: float) -> None:
    """(3): a larger z gives no smaller output; 2^-50 is room for rounding in the last bits."""
    lower, upper = sorted((p, q))
    assert sigmoid(lower) <= sigmoid(upper) * (1.0 + 2**-50)


def test_sigmoid_never_falls_where_its_formula_changes() -> None:
    """(3): far to the left e^z replaces 1 / (1 + e^-z); the two halves must meet."""
    around = [sigmoid(-700.0 + i * 1e-6) for i in range(-5, 6)]
    assert around == sorted(around)
    assert len(set(around)) == 11, "each step of 10^-6 is seen"


@pytest.mark.ch1
def test_sigmoid_is_nearly_a_perceptron_far_from_0() -> None:
    """(3): at ±10 the output is within 0.0001 of 1 and 0; at 0 it is 1/2, where a step jumps."""
    assert 1.0 - sigmoid(10.0) < 0.0001
    assert sigmoid(-10.0) < 0.0001
    assert (sigmoid(0.0), step(0.0)) == (0.5, 0.0)


@pytest.mark.ch2
@given(ANY_FLOAT)
def test_sigmoid_prime_is_at_most_a_quarter(z: float) -> None:
    """σ' is steepest at z = 0, where it is 1/4, and never below 0."""
    assert 0.0 <= sigmoid_prime(z) <= 0.25 == sigmoid_prime(0.0)


@pytest.mark.ch2
@EVERY
@given(z=numbers(-30.0, 30.0).filter(lambda z: abs(z) > 0.001))
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


def test_each_function_reaches_its_limits_at_the_far_ends() -> None:
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


@given(numbers(-15.0, 15.0))
def test_tanh_is_a_sigmoid_stretched_to_minus_1_to_1(z: float) -> None:
    """tanh(z) = 2 σ(2z) - 1."""
    assert tanh_neuron(z) == pytest.approx(2.0 * sigmoid(2.0 * z) - 1.0, abs=2**-50)


@given(ANY_FLOAT)
def test_relu_is_the_larger_of_z_and_0(z: float) -> None:
    """relu(z) = max(z, 0): a rectified neuron passes z on, or nothing."""
    assert relu(z) == max(z, 0.0)
    assert relu_prime(0.0) == 0.0, "relu has a corner at z = 0: σ'(z) is agreed to be 0 there"


@pytest.mark.parametrize("function", ACTIVATIONS.values())
def test_an_activation_is_given_by_name_or_as_an_object(function: Activation) -> None:
    """Both ways lead to the same function."""
    assert activation_named(function.name) is function
    assert activation_named(function) is function


@pytest.mark.parametrize("name", ["tan", "", "Sigmoid", None, 3, ["sigmoid"]])
def test_an_unknown_activation_is_rejected_with_the_known_names(name: object) -> None:
    """The message lists all six, and what was given."""
    with pytest.raises(ArgumentError, match="step, linear, sigmoid, tanh, relu or softmax, got"):
        activation_named(name)
