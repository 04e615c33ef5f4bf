"""(111): a tanh network is a sigmoid network in other units, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.scale import Scale
from tinynn import ArgumentError, Dense, Matrix, Network, Vector
from tinynn.activations import sigmoid, tanh
from tinynn.equations import rescaled
from tinynn.fast import Network as FastNetwork
from tinynn.stepper import record
from tinynn.teaching.strategies import layer_sizes, vectors

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])
KINDS = st.sampled_from(["tanh", "sigmoid", "linear", "relu"])


def close(found: Any, expected: Any) -> None:
    """Fail unless two rows of numbers agree."""
    assert np.asarray(found) == pytest.approx(np.asarray(expected), rel=1e-9, abs=1e-9), "(111)"


@pytest.mark.ch3
@given(st.floats(-700.0, 700.0))
def test_a_sigmoid_is_a_tanh_of_half_its_input(z: float) -> None:
    """(111), and the other way round: tanh(z/2) = 2σ(z) - 1."""
    assert sigmoid(z) == pytest.approx((1.0 + tanh(z / 2.0)) / 2.0, abs=1e-15)
    assert tanh(z / 2.0) == pytest.approx(2.0 * sigmoid(z) - 1.0, abs=1e-15)


@pytest.mark.ch3
def test_the_numbers_of_a_layer_worked_by_hand() -> None:
    """(111): w' = own · before · w, b' = own (b + (1 - before) Σ_k w_k), a row a neuron."""
    w, b = Matrix([[1, 3], [-2, 0.5]]), Vector([0.5, 1])
    weights, biases = rescaled(w, b, 2.0, 3.0)
    assert weights == Matrix([[6, 18], [-12, 3]]), "(111): the weights"
    assert biases == Vector([-10.5, 7.5]), "(111): the biases"
    assert rescaled(w, b, 1.0, 1.0) == (w, b)
    assert (w, b) == (Matrix([[1, 3], [-2, 0.5]]), Vector([0.5, 1]))
    with pytest.raises(ValueError, match="biases"):
        rescaled(w, Vector([1]), 2.0, 2.0)
    with pytest.raises(ValueError, match="before: expected a number|before: expected a finite"):
        rescaled(w, b, "2", 2.0)  # type: ignore[arg-type]


@pytest.mark.ch3
@ENGINES
@given(st.data(), layer_sizes(), st.integers(0, 10**6))
def test_a_tanh_network_as_a_sigmoid_one_answers_alike(
    engine: Any, data: st.DataObject, sizes: list[int], seed: int
) -> None:
    """(111): every output a is (1 + a)/2, the strongest is the same; and back again."""
    net = engine(sizes, seed=seed, activation="tanh")
    x = data.draw(vectors(size=sizes[0]))
    other = net.as_sigmoid()
    assert (type(other), other.activation.name) == (engine, "sigmoid")
    a = np.asarray(net.feedforward(x))
    close(other.feedforward(x), (1.0 + a) / 2.0)
    ordered = sorted(a)
    if len(a) > 1 and ordered[-1] - ordered[-2] > 1e-9:
        assert other.predict(x) == net.predict(x)
    back = other.as_tanh()
    assert back.activation.name == "tanh"
    close(back.feedforward(x), a)
    for p, q in zip([*back.weights, *back.biases], [*net.weights, *net.biases]):
        close(p, q)


@pytest.mark.ch3
@ENGINES
@given(st.data(), st.integers(0, 10**6), KINDS, KINDS)
def test_in_a_mixed_network_only_the_neurons_of_one_kind_change(
    engine: Any, data: st.DataObject, seed: int, first: str, second: str
) -> None:
    """(111): with outputs of another kind, or that a cost asks for, the outputs are the same."""
    last, cost = data.draw(
        st.sampled_from(
            [("softmax", "log-likelihood"), ("sigmoid", "cross-entropy"), ("linear", "quadratic")]
        )
    )
    layers = [2, Dense(3, first), Dense(2, second), Dense(2, last)]
    net = engine(layers, seed=seed, cost=cost)
    x = data.draw(vectors(size=2))
    for other, gone in ((net.as_sigmoid(), "tanh"), (net.as_tanh(), "sigmoid")):
        close(other.feedforward(x), net.feedforward(x))
        assert other.cost == net.cost
        hidden = {each.activation.name for each in other.layers[1:-1]}
        assert gone not in hidden
        assert other.layers[-1] == net.layers[-1]


@ENGINES
def test_only_dense_layers_exchange_their_neurons(engine: Any) -> None:
    """What (111) does to the numbers of another kind of layer is not known."""
    net = engine([2, Dense(3, "tanh"), Scale(), 1], seed=0)
    with pytest.raises(ArgumentError, match=r"as_sigmoid: expected dense layers, got Scale"):
        net.as_sigmoid()


def test_a_network_with_other_neurons_keeps_its_cost_and_its_own_error() -> None:
    """a - y is for linear outputs: (BP1) again as soon as they are tanh neurons."""
    net = Network([2, Dense(2, "linear")], seed=0).with_activation("tanh")
    same = Network([2, Dense(2, "tanh")], seed=0)
    x, y = Vector([0.5, -1]), Vector([1, 0])
    assert net.backprop(x, y) == same.backprop(x, y)
    assert FastNetwork.from_pure(net).backprop(x, y).biases[0] == pytest.approx(
        np.asarray(same.backprop(x, y).biases[0])
    )


def test_the_recorder_shows_how_the_numbers_change() -> None:
    """(111): a line for each weight and for each bias."""
    with record() as steps:
        Network([2, 2], seed=0, activation="tanh").as_sigmoid()
    assert {step.number for step in steps} == {"111"}
    assert not steps.unrecorded
    for step in steps:
        assert eval(step.substituted, dict(step.functions)) == step.result
