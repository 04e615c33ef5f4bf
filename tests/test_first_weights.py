"""First weights: large and scaled ones, and a network that starts where it hardly learns."""

from __future__ import annotations

from math import sqrt
from random import Random
from statistics import pstdev
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynn import ArgumentError, Dense, Network, Vector, load_digits
from tinynn.equations import weighted_input
from tinynn.fast import Network as FastNetwork
from tinynn.randomness import INITS, first_weights, gaussian_matrix, gaussian_vector
from tinynn.teaching.strategies import layer_sizes
from tinynn.training import slow_start

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])
DIGITS = load_digits()


@pytest.mark.ch3
@ENGINES
@given(layer_sizes(), st.integers(0, 10**6), st.sampled_from(["sigmoid", "tanh"]))
def test_scaled_weights_are_the_large_ones_over_the_root_of_the_inputs(
    engine: Any, sizes: list[int], seed: int, activation: str
) -> None:
    """1/√n_in, to the bit, in both engines; the biases are the same draws of spread 1."""
    large = engine(sizes, seed=seed, activation=activation, init="large")
    scaled = engine(sizes, seed=seed, activation=activation, init="scaled")
    for p, q, inputs in zip(large.weights, scaled.weights, sizes):
        assert np.array_equal(np.asarray(p) / sqrt(inputs), np.asarray(q))
    for p, q in zip(large.biases, scaled.biases):
        assert np.array_equal(np.asarray(p), np.asarray(q))


@ENGINES
def test_a_layer_starts_with_weights_that_its_function_can_learn_from(engine: Any) -> None:
    """Large weights for sigmoid layers, scaled weights for all others, layer by layer."""
    sizes = [5, 4, 3]
    assert engine(sizes, seed=3) == engine(sizes, seed=3, init="large")
    for name in ("tanh", "relu", "linear", "step"):
        net = engine(sizes, seed=3, activation=name)
        assert net == engine(sizes, seed=3, activation=name, init="scaled")
        assert net != engine(sizes, seed=3, activation=name, init="large")
    layers, cost = [5, 4, Dense(3, "softmax")], "log-likelihood"
    mixed = engine(layers, seed=3, cost=cost)
    each = {init: engine(layers, seed=3, cost=cost, init=init) for init in INITS}
    assert np.array_equal(mixed.weights[0], each["large"].weights[0])
    assert np.array_equal(mixed.weights[1], each["scaled"].weights[1])
    assert [Dense(3, name).init for name in ("sigmoid", "tanh", "softmax")] == [
        "large",
        "scaled",
        "scaled",
    ]


@ENGINES
def test_another_name_of_first_weights_is_rejected(engine: Any) -> None:
    """There are two names."""
    for wrong in ("small", "Large", 3, b"large"):
        with pytest.raises(ArgumentError, match="init: expected large or scaled, got"):
            engine([2, 1], init=wrong)
    with pytest.raises(ArgumentError, match="init: expected large or scaled, got None"):
        first_weights(None, 2, 2, Random(0))  # type: ignore[arg-type]


def test_large_first_weights_are_the_draws_of_chapter_1() -> None:
    """The same draws in the same order."""
    assert first_weights("large", 3, 4, Random(0)) == gaussian_matrix(3, 4, Random(0))


@pytest.mark.ch3
@pytest.mark.parametrize(("init", "spread"), [("large", sqrt(501.0)), ("scaled", sqrt(1.5))])
def test_the_spread_of_z_after_a_thousand_inputs_half_of_them_1(init: str, spread: float) -> None:
    """√501 ≈ 22.4 with large weights, √(3/2) ≈ 1.22 with scaled ones; in 1,000 neurons."""
    rng = Random(1)
    x = Vector([1.0, 0.0] * 500)
    z: list[float] = []
    for _ in range(100):
        weights, biases = first_weights(init, 10, 1000, rng), gaussian_vector(10, rng)
        z.extend(weighted_input(weights, x, biases))
    assert pstdev(z) == pytest.approx(spread, rel=0.06)


@pytest.mark.parametrize(
    ("layers", "cost", "eta", "least"),
    [
        ([64, Dense(30, "tanh"), Dense(10, "tanh")], "quadratic", 0.1, 0.7),
        ([64, Dense(30, "linear"), Dense(10, "linear")], "quadratic", 0.02, 0.7),
        ([64, Dense(30, "relu"), Dense(10, "linear")], "quadratic", 0.05, 0.7),
        ([64, Dense(30, "relu"), Dense(10, "softmax")], "log-likelihood", 0.1, 0.8),
        ([64, Dense(30, "tanh"), Dense(10, "softmax")], "log-likelihood", 0.5, 0.8),
    ],
)
def test_each_function_learns_the_digits_from_its_own_first_weights(
    layers: list[Any], cost: str, eta: float, least: float
) -> None:
    """Five epochs, three seeds."""
    for seed in range(3):
        net = FastNetwork(layers, seed=seed, cost=cost)
        last = net.train(DIGITS.training, 5, 10, eta, test_data=DIGITS.test, seed=seed).finish()[-1]
        assert last.correct is not None
        assert last.correct > least * len(DIGITS.test)


# Where it starts.


@ENGINES
def test_a_network_that_starts_saturated_is_named(engine: Any) -> None:
    """tanh with large weights; not with its own, and not the sigmoid network of chapter 1."""
    for seed in range(3):
        line = slow_start(
            engine([64, 30, 10], seed=seed, activation="tanh", init="large"), DIGITS.training
        )
        assert "starts saturated" in line
        assert "init='scaled'" in line
        for name in ("tanh", "sigmoid", "linear"):
            assert (
                slow_start(engine([64, 30, 10], seed=seed, activation=name), DIGITS.training) == ""
            )
    far = engine.from_parameters([[0.0], [0.0]], [[[1000.0]], [[0.5]]])
    line = slow_start(far, [(Vector([1]), Vector([1])), (Vector([-1]), Vector([1]))])
    assert line.startswith("layer 2 starts saturated: 100% of the slopes of its sigmoid neurons")


@ENGINES
def test_a_network_that_starts_dead_is_named(engine: Any) -> None:
    """relu neurons that answer 0 to every example; and a step, which has no slope at all."""
    data = [(Vector([1.0]), Vector([1])), (Vector([2.0]), Vector([1]))]
    layers = [1, Dense(4, "relu"), 1]

    def line(weights: list[float]) -> str:
        net = engine.from_parameters(
            [[0.0] * 4, [0.0]], [[[w] for w in weights], [[0.1] * 4]], layers=layers
        )
        return slow_start(net, data)

    assert line([1, 1, 1, -1]) == ""
    assert line([1, 1, -1, -1]).startswith("layer 2 starts dead: 2 of 4 relu neurons")
    outputs = engine.from_parameters([[-5.0, 1.0]], [[[1.0], [1.0]]], "relu")
    assert slow_start(outputs, [(Vector([1.0]), Vector([1, 0]))]) == (
        "layer 2 starts dead: 1 of 2 relu neurons have a slope of 0 for all examples, "
        "and learn nothing: linear outputs would learn"
    )
    step = engine([1, 1], seed=0, activation="step")
    assert slow_start(step, data) == "layer 2 starts dead: a step has no slope to learn from"


@ENGINES
def test_output_neurons_that_fit_the_cost_are_not_saturated(engine: Any) -> None:
    """(66): their error has no σ'."""
    numbers: Any = ([[50.0]], [[[0.0]]])
    data = [(Vector([1.0]), Vector([0.0]))]
    assert "starts saturated" in slow_start(engine.from_parameters(*numbers), data)
    assert slow_start(engine.from_parameters(*numbers, cost="cross-entropy"), data) == ""
    softmax = engine([1, Dense(2, "softmax")], seed=0, cost="log-likelihood").scaled(1e3)
    assert slow_start(softmax, [(Vector([1.0]), Vector([0.0, 1.0]))]) == ""


def test_only_the_first_examples_are_looked_at() -> None:
    """A hundred, or as many as asked for."""
    net = Network.from_parameters([[0.0]], [[[1.0]]])
    data = [(Vector([0.0]), Vector([1]))] * 2 + [(Vector([99.0]), Vector([1]))] * 200
    assert slow_start(net, data, most=2) == ""
    assert "saturated" in slow_start(net, data)
    with pytest.raises(ArgumentError, match="most: expected a whole number"):
        slow_start(net, data, most=0)
