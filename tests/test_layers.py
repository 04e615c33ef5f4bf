"""Layers: described without numbers, built by either engine, and added from outside."""

from __future__ import annotations

import inspect
import io
import tokenize
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers import scale
from tests.helpers.scale import Scale
from tinynn import (
    RELU,
    ArgumentError,
    Dense,
    Network,
    ShapeError,
    Vector,
    gradcheck,
    load_digits,
)
from tinynn.fast import Network as FastNetwork
from tinynn.layers import Description, Layer, Plan, Shape
from tinynn.network import Network as PureNetwork
from tinynn.stepper import record

ENGINES: list[Any] = [Network, FastNetwork]


def test_a_description_prints_as_it_is_written() -> None:
    """And equal settings make equal descriptions: they have no numbers."""
    for text in ("Dense(30)", "Dense(30, 'tanh')"):
        assert repr(eval(text)) == text
    assert Dense(30) == Dense(30, "sigmoid") != Dense(30, "tanh")
    assert {Dense(3): 1}[Dense(3)] == 1
    with pytest.raises(AttributeError):
        Dense(3).neurons = 4  # type: ignore[misc]


def test_a_description_knows_the_shape_after_and_the_shape_of_its_parameters() -> None:
    """30 neurons after an image of 28×28: 30×784 weights, a bias a row."""
    assert Dense(30).shape_after((1, 28, 28)) == (30,)
    assert Dense(30).weight_shape((1, 28, 28)) == (30, 784)
    assert Scale().weight_shape((30,)) == (30, 1)


@pytest.mark.parametrize("wrong", [0, -1, 2.5, True, None, "3", Vector([1])])
def test_a_dense_layer_has_a_whole_number_of_neurons(wrong: Any) -> None:
    """At least one."""
    with pytest.raises(ArgumentError, match="neurons: expected a whole number of at least 1"):
        Dense(wrong)
    with pytest.raises(ArgumentError, match="activation: expected step, linear, sigmoid, tanh"):
        Dense(2, "tan")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_number_is_a_dense_layer(engine: Any) -> None:
    """`Network([3, 2, 1])`, with the activation function of the network."""
    described = engine([3, Dense(2, "tanh"), Dense(1, "tanh")], seed=1)
    assert described == engine([3, 2, 1], seed=1, activation="tanh")
    assert described != engine([3, 2, 1], seed=1)
    mixed = engine([3, Dense(2, "relu"), 1], seed=1)
    assert mixed.layers == [(3,), Dense(2, RELU), Dense(1)]
    assert engine(mixed.layers, seed=1) == mixed
    assert "relu and sigmoid neurons" in repr(mixed)
    with pytest.raises(ArgumentError, match="the layers have relu, sigmoid"):
        _ = mixed.activation


@pytest.mark.parametrize("engine", ENGINES)
def test_the_input_may_have_a_shape_and_is_read_row_by_row(engine: Any) -> None:
    """An image of 2×3 is a Vector of 6 to a dense layer."""
    shaped = engine([(1, 2, 3), 4, 2], seed=0)
    assert shaped.sizes == (6, 4, 2)
    flat = engine([6, 4, 2], seed=0)
    for w, v in zip(shaped.weights, flat.weights):
        assert (np.asarray(w) == np.asarray(v)).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([3], "expected two layers or more"),
        ([(), 3], r"sizes\[0\]"),
        ([(1, 0, 28), 3], "at least 1, got 0"),
        ([Dense(3), 2], r"sizes\[0\]: expected a whole number"),
        ([3, (2, 2)], r"sizes\[1\]: expected a whole number of at least 1, got a tuple of 2"),
        ([3, "tanh"], r"sizes\[1\]: .* got 'tanh'"),
        ({3, 2}, "expected two layers or more, .* got a set"),
    ],
)
def test_invalid_lists_of_layers_are_rejected(engine: Any, layers: Any, words: str) -> None:
    """By place, in both engines."""
    with pytest.raises(ArgumentError, match=words):
        engine(layers)


class Halving(Description):
    """A layer that nobody has built."""

    def shape_after(self, before: Shape) -> Shape:
        if before[0] % 2:
            raise ShapeError(f"expected an even number of neurons, got {before[0]}")
        return (before[0] // 2,)


@pytest.mark.parametrize(("engine", "name"), [(Network, "pure"), (FastNetwork, "fast")])
def test_a_kind_of_layer_that_no_engine_builds_is_named(engine: Any, name: str) -> None:
    """And the call that registers it."""
    with pytest.raises(ArgumentError, match=rf"Halving\(\): .* register_layer\(Halving, {name}="):
        engine([4, Halving(), 2])
    with pytest.raises(ShapeError, match=r"layer 3, Halving\(\): expected an even number"):
        Plan([4, 3, Halving()])


def test_layers_with_other_activation_functions_pass_the_gradient_check() -> None:
    """(BP2) takes σ' of the layer before, whatever that layer's function is."""
    net = Network([3, Dense(4, "tanh"), Dense(3), Dense(2, "linear")], seed=3)
    gradcheck(net, Vector([0.5, -1, 0.25]), Vector([1, 0]))
    wrong = Network([3, Dense(4), Dense(3), Dense(2, "linear")], seed=3)
    assert net.backprop(Vector([1, 1, 1]), Vector([1, 0])) != wrong.backprop(
        Vector([1, 1, 1]), Vector([1, 0])
    )


STACKS = st.lists(
    st.one_of(
        st.builds(Dense, st.integers(1, 4), st.sampled_from(["sigmoid", "tanh", "linear"])),
        st.builds(Scale, st.sampled_from([Dense(1, n).activation for n in ("sigmoid", "tanh")])),
    ),
    min_size=1,
    max_size=4,
)


@given(STACKS, st.integers(1, 4), st.integers(0, 10**6), st.integers(1, 5))
def test_engines_agree_for_every_mixture_of_layers(
    stack: list[Description], inputs: int, seed: int, m: int
) -> None:
    """Gradients to 1e-12, and both are the slopes that the cost shows."""
    pure = Network([inputs, *stack], seed=seed)
    fast = FastNetwork([inputs, *stack], seed=seed)
    assert fast.to_pure() == pure
    data = [
        (Vector([(i + k) % 3 - 0.5 for k in range(inputs)]), Vector([0.25] * pure.sizes[-1]))
        for i in range(m)
    ]
    gradcheck(pure, *data[0])
    ours, theirs = fast.backprop_mini_batch(data), pure.backprop_mini_batch(data)
    assert len(ours.weights) == len(pure.learning)
    for p, q in zip([*ours.biases, *ours.weights], [*theirs.biases, *theirs.weights]):
        assert np.abs(p - np.asarray(q)).max() <= 1e-12 * max(1.0, np.abs(p).max())


# A layer from outside the package.


def test_a_layer_from_outside_takes_at_most_70_lines_for_both_engines() -> None:
    """Its equation, its description, a class in each engine, one registration."""
    text = inspect.getsource(scale)
    lines = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type in (tokenize.NAME, tokenize.OP, tokenize.NUMBER)
    }
    assert len(lines) <= 70, f"{len(lines)} code lines"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_layer_from_outside_trains_and_is_saved(engine: Any, tmp_path: Path) -> None:
    """64-30 dense, a scale, 10 dense: it learns the digits, and comes back from a file."""
    digits = load_digits()
    net = engine([64, Dense(30, "tanh"), Scale(), Dense(10)], seed=0)
    assert net.learning == (2, 3, 4)
    assert [w.shape for w in net.weights] == [(30, 64), (30, 1), (10, 30)]
    before = net.evaluate(digits.test)
    list(net.train(digits.training[:300], 4, 10, 3.0, seed=0))
    assert net.evaluate(digits.test) > before + 100
    net.save(tmp_path / "net.json")
    assert engine.load(tmp_path / "net.json") == net
    assert PureNetwork.load(tmp_path / "net.json").layers == net.layers


def test_a_layer_from_outside_learns_the_same_numbers_in_both_engines() -> None:
    """An epoch: weights that agree to 1e-9."""
    digits = load_digits()
    pure, fast = (engine([64, Dense(8), Scale(), 10], seed=0) for engine in ENGINES)
    for net in (pure, fast):
        list(net.train(digits.training[:200], 1, 10, 3.0, seed=0))
    for ours, theirs in zip(fast.weights, pure.weights):
        assert np.abs(ours - np.asarray(theirs)).max() < 1e-9


def test_a_layer_from_outside_passes_gradcheck_and_is_stepped_through() -> None:
    """Its own formula line is recorded, by the names of the book that it declares."""
    net = Network([2, 3, Scale(), 1], seed=0)
    checked = gradcheck(net, Vector([0.5, -1]), Vector([1]))
    assert checked.parameters == 9 + 6 + 4
    with record(scale.scaled_input) as steps:
        net.backprop(Vector([0.5, -1]), Vector([1]))
    mine = [step for step in steps if step.function == "scaled_input"]
    assert [(step.layer, step.j) for step in mine] == [(3, 0), (3, 1), (3, 2)]
    assert mine[0].source == "z[j] = w[j][0] * a[j] + b[j]"
    assert {"z", "a", "BP1", "BP2", "BP3", "BP4"} <= {step.number for step in steps}


def test_a_layer_that_learns_must_say_how() -> None:
    """Weights without add_gradient: an error, not a layer that silently never learns."""

    class Forgetful(scale.PureScale):
        add_gradient = Layer.add_gradient

    layer = Forgetful(Scale(), (2,), Vector([0, 0]), Network([1, 2], seed=0).weights[0])
    with pytest.raises(NotImplementedError, match="has weights, but no add_gradient"):
        layer.add_gradient(Vector([1, 1]), Vector([1, 1]), None)  # type: ignore[arg-type]
