"""The six equations of chapter 2, each against the slope of the cost itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import RELU, SIGMOID, TANH, Matrix, Network, ShapeError, Vector
from tinynn.activations import Activation
from tinynn.descent import numerical_gradient
from tinynn.equations import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    quadratic,
    quadratic_derivative,
    weight_gradient,
    weighted_input,
)
from tinynn.gradient_check import numerical_error
from tinynn.teaching.strategies import matrices, vectors

SMOOTH = st.sampled_from([SIGMOID, TANH])
pytestmark = pytest.mark.ch2


def test_weighted_input() -> None:
    """z^l_j = Σ_k w^l_jk a^{l-1}_k + b^l_j, with w_jk to neuron j from neuron k."""
    check("weighted-input", weighted_input)


def test_activation() -> None:
    """a^l_j = σ(z^l_j), neuron by neuron."""
    check("activation", activation)


def test_bp1() -> None:
    """(BP1): δ^L_j = ∂C/∂a^L_j σ'(z^L_j), against moving z^L_j and watching C."""
    check("bp1", output_error)


def test_bp2() -> None:
    """(BP2): δ^l = (w^{l+1})ᵀ δ^{l+1} ⊙ σ'(z^l), against moving z^l_j and watching C."""
    check("bp2", hidden_error)


def test_bp3() -> None:
    """(BP3): ∂C/∂b^l_j = δ^l_j, against moving b_j and watching C."""
    check("bp3", bias_gradient)


def test_bp4() -> None:
    """(BP4): ∂C/∂w^l_jk = a^{l-1}_k δ^l_j, against moving w_jk and watching C."""
    check("bp4", weight_gradient)


def test_z_of_a_layer_worked_by_hand() -> None:
    """z_1 = 1·5 + 2·6 + 0.5 and z_2 = 3·5 + 4·6 - 0.5: transposing w gives other numbers."""
    z = weighted_input(Matrix([[1, 2], [3, 4]]), Vector([5, 6]), Vector([0.5, -0.5]))
    assert z == Vector([17.5, 38.5]), "z^l_j = Σ_k w^l_jk a^{l-1}_k + b^l_j (w to j from k)"


def test_a_is_sigma_of_z_neuron_by_neuron() -> None:
    """a^l_j = σ(z^l_j): 1/2 at 0, and 1/(1 + e^-2) at 2."""
    a = activation(Vector([0.0, 2.0, -2.0]))
    for found, expected in zip(a, (0.5, 0.8807970779778823, 0.11920292202211755)):
        close(found, expected, "a: a^l_j = σ(z^l_j)")


@given(st.data(), SMOOTH)
def test_bp1_in_a_network(data: st.DataObject, function: Activation) -> None:
    """(BP1) with the quadratic cost, for sigmoid and tanh neurons: moving z^L_j, watching C."""
    J = data.draw(st.integers(1, 4))
    z, y = data.draw(vectors(size=J)), data.draw(vectors(size=J))
    delta = output_error(quadratic_derivative(activation(z, function), y), z, function)
    slopes = numerical_gradient(lambda moved: quadratic(activation(moved, function), y), z)
    for j in range(J):
        close(delta[j], slopes[j], f"BP1: δ^L_{j + 1} = ∂C/∂a_{j + 1} σ'(z_{j + 1})")


def test_bp1_worked_by_hand() -> None:
    """At z = 0, σ' = 1/4: an output 1/2 too high has error 1/8."""
    assert output_error(Vector([0.5]), Vector([0.0])) == Vector([0.125]), "BP1: 0.5 · 1/4"


@given(st.data(), SMOOTH)
def test_bp2_in_a_network(data: st.DataObject, function: Activation) -> None:
    """(BP2) for sigmoid and tanh neurons, against the definition of the error, (29)."""
    J, K = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    w, b = data.draw(matrices(rows=K, columns=J)), data.draw(vectors(size=K))
    z, y = data.draw(vectors(size=J)), data.draw(vectors(size=K))
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


def test_bp4_worked_by_hand() -> None:
    """Row j belongs to neuron j: a_k δ_j."""
    nabla_w = weight_gradient(Vector([1, 2, 3]), Vector([10, 20]))
    assert nabla_w == Matrix([[10, 20, 30], [20, 40, 60]]), "BP4: ∂C/∂w_jk = a_k δ_j"


def test_bp3_adds_one_example_after_another_into_the_sums() -> None:
    """(BP3) over a mini-batch: 1 + 10 and 2 + 20, in the Vector that was given."""
    sums = bias_gradient(Vector([1, 2]))
    result = bias_gradient(Vector([10, 20]), sums)
    assert sums == Vector([11, 22]), "BP3: Σ_x ∂C_x/∂b_j = Σ_x δ_j"
    assert result is sums, "BP3 returns the sums it was given"


def test_bp4_adds_one_example_after_another_into_the_sums() -> None:
    """(BP4) over a mini-batch: w_21 gets 1·20 + 3·200, in the Matrix that was given."""
    sums = weight_gradient(Vector([1, 2]), Vector([10, 20]))
    result = weight_gradient(Vector([3, 4]), Vector([100, 200]), sums)
    total = [[310.0, 420.0], [620.0, 840.0]]
    assert sums.to_lists() == total, "BP4: Σ_x ∂C_x/∂w_jk = Σ_x a_k δ_j"
    assert result is sums, "BP4 returns the sums it was given"


@given(st.data(), st.integers(1, 3))
def test_bp3_and_bp4_of_a_mini_batch_add_up_to_the_sum_of_its_gradients(
    data: st.DataObject, m: int
) -> None:
    """(BP3), (BP4): into zeros, for any shape; each example is also taken alone."""
    J, K = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    batch = [(data.draw(vectors(size=K)), data.draw(vectors(size=J))) for _ in range(m)]
    nabla_b, nabla_w = Vector.zeros(J), Matrix.zeros(J, K)
    for a, delta in batch:
        bias_gradient(delta, nabla_b)
        weight_gradient(a, delta, nabla_w)
    for j in range(J):
        total = math.fsum(bias_gradient(delta)[j] for _, delta in batch)
        close(nabla_b[j], total, f"BP3: Σ_x ∂C_x/∂b_{j + 1}", 1e-12)
        for k in range(K):
            total = math.fsum(weight_gradient(a, delta)[j][k] for a, delta in batch)
            close(nabla_w[j][k], total, f"BP4: Σ_x ∂C_x/∂w_{j + 1}{k + 1}", 1e-12)


def test_bp3_and_bp4_change_the_sums_and_nothing_else() -> None:
    """a^{l-1} and δ^l are as before, and later changes of the sums do not reach them."""
    a, delta = Vector([1, 2]), Vector([10, 20])
    nabla_b, nabla_w = Vector([1, 1]), Matrix([[1, 1], [1, 1]])
    for _ in range(2):
        bias_gradient(delta, nabla_b)[0] = 99.0
        weight_gradient(a, delta, nabla_w)[0][0] = 99.0
    assert (a, delta) == (Vector([1, 2]), Vector([10, 20])), "BP3 and BP4 change only the sums"


def test_bp3_and_bp4_leave_sums_of_another_shape_alone() -> None:
    """All shapes are checked before the first addition."""
    nabla_b, nabla_w = Vector([1, 1, 1]), Matrix([[1, 1]])
    with pytest.raises(ShapeError, match="sums: expected a Vector of 2, got Vector of 3"):
        bias_gradient(Vector([10, 20]), nabla_b)
    with pytest.raises(ShapeError, match="sums: expected a Matrix of 2×2, got Matrix of 1×2"):
        weight_gradient(Vector([1, 2]), Vector([10, 20]), nabla_w)
    assert (nabla_b, nabla_w) == (Vector([1, 1, 1]), Matrix([[1, 1]]))


def test_bp1_and_bp2_use_the_derivative_of_the_activation_function_given() -> None:
    """With relu σ' is 1 above 0 and 0 below: errors pass whole or not at all."""
    z = Vector([2.0, -2.0])
    assert output_error(Vector([0.5, 0.5]), z, RELU) == Vector([0.5, 0.0]), "BP1 with relu"
    identity = Matrix([[1, 0], [0, 1]])
    assert hidden_error(identity, Vector([0.5, 0.5]), z, RELU) == Vector([0.5, 0.0]), "BP2"


def test_no_equation_changes_its_arguments() -> None:
    """They are pure functions: the same arguments return the same result again."""
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
        (bias_gradient, [Vector([1, 2]), Vector([0])], "sums: .* of 2, got Vector of 1"),
        (bias_gradient, [Vector([1]), [0.0]], "sums: .* a list of 1"),
        (weight_gradient, [Vector([1]), [0.5]], "a list of 1"),
        (weight_gradient, [Vector([1, 2]), Vector([1]), Matrix.zeros(2, 1)], "sums: .* of 1×2"),
        (weight_gradient, [Vector([1, 2]), Vector([1]), Matrix.zeros(1, 1)], "sums: .* of 1×2"),
        (weight_gradient, [Vector([1]), Vector([1]), [[0.0]]], "sums: .* a list of 1"),
    ],
)
def test_a_wrong_shape_is_rejected_and_not_truncated(
    function: Callable[..., object], arguments: list[Any], words: str
) -> None:
    """Nothing broadcasts, and no sum silently stops at the shorter list."""
    with pytest.raises(ShapeError, match=words):
        function(*arguments)
