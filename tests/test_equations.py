"""The six equations of chapter 2, each against the slope of the cost itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.numbers import close
from tests.strategies import matrices, vectors
from tinynn import RELU, SIGMOID, TANH, Matrix, Network, ShapeError, Vector
from tinynn.activations import Activation
from tinynn.costs import quadratic, quadratic_derivative
from tinynn.descent import numerical_derivative, numerical_gradient
from tinynn.equations import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.gradient_check import numerical_error

SMOOTH = st.sampled_from([SIGMOID, TANH])
pytestmark = pytest.mark.ch2


@given(st.data())
def test_z_is_the_weighted_sum_of_the_layer_before_plus_the_bias(data: st.DataObject) -> None:
    """z^l_j = Σ_k w^l_jk a^{l-1}_k + b^l_j, with w_jk to neuron j from neuron k."""
    J, K = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    w, a, b = (
        data.draw(matrices(J, K)),
        data.draw(vectors(K)),
        data.draw(vectors(J)),
    )
    z = weighted_input(w, a, b)
    for j in range(J):
        by_hand = b[j] + sum(w[j][k] * a[k] for k in range(K))
        close(z[j], by_hand, f"z: z_{j + 1} = Σ_k w_{j + 1}k a_k + b_{j + 1}")


def test_z_of_a_layer_worked_by_hand() -> None:
    """z_1 = 1·5 + 2·6 + 0.5 and z_2 = 3·5 + 4·6 - 0.5: transposing w gives other numbers."""
    z = weighted_input(Matrix([[1, 2], [3, 4]]), Vector([5, 6]), Vector([0.5, -0.5]))
    assert z == Vector([17.5, 38.5]), "z^l_j = Σ_k w^l_jk a^{l-1}_k + b^l_j (w to j from k)"


def test_a_is_sigma_of_z_neuron_by_neuron() -> None:
    """a^l_j = σ(z^l_j): 1/2 at 0, and 1/(1 + e^-2) at 2."""
    a = activation(Vector([0.0, 2.0, -2.0]))
    for came, expected in zip(a, (0.5, 0.8807970779778823, 0.11920292202211755)):
        close(came, expected, "a: a^l_j = σ(z^l_j)")


@given(st.data(), SMOOTH)
def test_bp1_is_the_slope_of_the_cost_in_z_of_the_output_layer(
    data: st.DataObject, function: Activation
) -> None:
    """(BP1): δ^L_j = ∂C/∂a^L_j σ'(z^L_j), against moving z^L_j and watching C."""
    J = data.draw(st.integers(1, 4))
    z, y = data.draw(vectors(J)), data.draw(vectors(J))
    delta = output_error(quadratic_derivative(activation(z, function), y), z, function)
    slopes = numerical_gradient(lambda moved: quadratic(activation(moved, function), y), z)
    for j in range(J):
        close(delta[j], slopes[j], f"BP1: δ^L_{j + 1} = ∂C/∂a_{j + 1} σ'(z_{j + 1})")


def test_bp1_worked_by_hand() -> None:
    """At z = 0, σ' = 1/4: an output 1/2 too high has error 1/8."""
    assert output_error(Vector([0.5]), Vector([0.0])) == Vector([0.125]), "BP1: 0.5 · 1/4"


@given(st.data(), SMOOTH)
def test_bp2_is_the_slope_of_the_cost_in_z_of_a_hidden_layer(
    data: st.DataObject, function: Activation
) -> None:
    """(BP2): δ^l = (w^{l+1})ᵀ δ^{l+1} ⊙ σ'(z^l), against the definition (29)."""
    J, K = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    w, b = data.draw(matrices(K, J)), data.draw(vectors(K))
    z, y = data.draw(vectors(J)), data.draw(vectors(K))
    network = Network.from_parameters([[0.0] * J, b], [[[0.0]] * J, w], function)

    z_next = weighted_input(w, activation(z, function), b)
    delta_next = numerical_error(network, 3, z_next, y)
    delta = hidden_error(w, delta_next, z, function)
    slopes = numerical_error(network, 2, z, y)
    for j in range(J):
        close(delta[j], slopes[j], f"BP2: δ^2_{j + 1} = Σ_k w_k{j + 1} δ_k σ'(z_{j + 1})")


def test_bp2_worked_by_hand() -> None:
    """δ_1 = (1·0.5 + 3·1)/4 and δ_2 = (2·0.5 + 4·1)/4: the sum runs over the layer after."""
    delta = hidden_error(Matrix([[1, 2], [3, 4]]), Vector([0.5, 1.0]), Vector([0.0, 0.0]))
    assert delta == Vector([0.875, 1.25]), "BP2: δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)"


@given(st.data())
def test_bp3_is_the_slope_of_the_cost_in_a_bias(data: st.DataObject) -> None:
    """(BP3): ∂C/∂b^l_j = δ^l_j, against moving b_j and watching C."""
    J, K = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    w, a, b = (
        data.draw(matrices(J, K)),
        data.draw(vectors(K)),
        data.draw(vectors(J)),
    )
    y = data.draw(vectors(J))

    def cost_of(z: Vector) -> float:
        return quadratic(activation(z), y)

    nabla_b = bias_gradient(numerical_gradient(cost_of, weighted_input(w, a, b)))
    slopes = numerical_gradient(lambda moved: cost_of(weighted_input(w, a, moved)), b)
    for j in range(J):
        close(nabla_b[j], slopes[j], f"BP3: ∂C/∂b_{j + 1} = δ_{j + 1}")


@given(st.data())
def test_bp4_is_the_slope_of_the_cost_in_a_weight(data: st.DataObject) -> None:
    """(BP4): ∂C/∂w^l_jk = a^{l-1}_k δ^l_j, against moving w_jk and watching C."""
    J, K = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    w, a, b = (
        data.draw(matrices(J, K)),
        data.draw(vectors(K)),
        data.draw(vectors(J)),
    )
    y = data.draw(vectors(J))

    def cost_of(z: Vector) -> float:
        return quadratic(activation(z), y)

    delta = numerical_gradient(cost_of, weighted_input(w, a, b))
    nabla_w = weight_gradient(a, delta)
    assert nabla_w.shape == (J, K), "BP4: one ∂C/∂w_jk for each weight to j from k"
    for j in range(J):
        for k in range(K):

            def cost_at(value: float, j: int = j, k: int = k) -> float:
                moved = w.copy()
                moved[j][k] = value
                return cost_of(weighted_input(moved, a, b))

            slope = numerical_derivative(cost_at, w[j][k])
            name = f"w_{j + 1}{k + 1}"
            close(nabla_w[j][k], slope, f"BP4: ∂C/∂{name} = a_{k + 1} δ_{j + 1}")


def test_bp4_worked_by_hand() -> None:
    """Row j belongs to neuron j: a_k δ_j."""
    nabla_w = weight_gradient(Vector([1, 2, 3]), Vector([10, 20]))
    assert nabla_w == Matrix([[10, 20, 30], [20, 40, 60]]), "BP4: ∂C/∂w_jk = a_k δ_j"


def test_bp1_and_bp2_use_the_derivative_of_the_activation_function_given() -> None:
    """With relu σ' is 1 above 0 and 0 below: errors pass whole or not at all."""
    z = Vector([2.0, -2.0])
    assert output_error(Vector([0.5, 0.5]), z, RELU) == Vector([0.5, 0.0]), "BP1 with relu"
    identity = Matrix([[1, 0], [0, 1]])
    assert hidden_error(identity, Vector([0.5, 0.5]), z, RELU) == Vector([0.5, 0.0]), "BP2"


def test_no_equation_changes_what_it_is_given() -> None:
    """They are functions: the same arguments give the same answer again."""
    w, a, b = Matrix([[1, 2], [3, 4]]), Vector([0.5, -0.5]), Vector([0.1, 0.2])
    first = w.copy(), a.copy(), b.copy()
    z = weighted_input(w, a, b)
    delta = hidden_error(w, output_error(activation(z), z), z)
    weight_gradient(a, delta)[0][0] = 99.0
    bias_gradient(delta)[0] = 99.0
    assert (w, a, b) == first
    assert delta[0] != 99.0, "∂C/∂b is its own Vector, not δ under another name"


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        (weighted_input, [Matrix([[1, 2]]), Vector([1, 2, 3]), Vector([0])], "Vector of 3"),
        (weighted_input, [Matrix([[1, 2]]), Vector([1, 2]), Vector([0, 0])], "Vector of 2"),
        (weighted_input, [[[1, 2]], Vector([1, 2]), Vector([0])], "a list of 1"),
        (weighted_input, [Matrix([[1]]), 3.0, Vector([0])], "3.0"),
        (activation, [[1.0]], "a list of 1"),
        (output_error, [Vector([1]), Vector([1, 2])], "Vector of 1"),
        (hidden_error, [Matrix([[1, 2]]), Vector([1, 2]), Vector([1, 2])], "Vector of 2"),
        (hidden_error, [Matrix([[1, 2]]), Vector([1]), Vector([1])], "Vector of 1"),
        (bias_gradient, [0.5], "0.5"),
        (weight_gradient, [Vector([1]), [0.5]], "a list of 1"),
    ],
)
def test_a_wrong_shape_is_refused_at_the_door_not_truncated(
    function: Callable[..., object], arguments: list[Any], words: str
) -> None:
    """Nothing broadcasts, and no sum silently stops at the shorter list."""
    with pytest.raises(ShapeError, match=words):
        function(*arguments)
