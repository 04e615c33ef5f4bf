"""The common base of both engines: the same guarantees and the same errors."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tinynn.network
from tinynn import ArgumentError, Dense, Gradient, Network, ShapeError, Vector
from tinynn.fast import Network as FastNetwork
from tinynn.model import Model

ENGINES: list[Any] = [Network, FastNetwork]
XOR = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
both = pytest.mark.parametrize("engine", ENGINES, ids=["pure", "fast"])


@both
@pytest.mark.parametrize("name", ["activation", "cost", "sizes", "learning", "layers", "biases"])
def test_the_properties_of_a_network_cannot_be_assigned(engine: Any, name: str) -> None:
    """Another activation function makes another network."""
    network = engine([2, 3, 1], seed=0)
    with pytest.raises(AttributeError):
        setattr(network, name, getattr(network, name))
    assert network.with_activation("tanh").activation.name == "tanh"
    assert network.activation.name == "sigmoid"


@both
def test_the_public_methods_of_a_network_are_those_of_the_model(engine: Any) -> None:
    """Both engines have the same public methods, except those that convert networks."""
    public = {name for name in dir(engine) if not name.startswith("_")}
    shared = {name for name in dir(Model) if not name.startswith("_")}
    own = {Network: set(), FastNetwork: {"dtype", "from_pure", "to_pure"}}
    learnt = {"backprop", "backprop_mini_batch", "update_mini_batch"}
    assert public - shared == own[engine] | learnt


def test_the_pure_network_has_no_to_fast_and_no_to_pure() -> None:
    """The arrow goes one way: `fast.Network.from_pure(net)` and `fast_net.to_pure()`."""
    assert not hasattr(Network, "to_fast")
    assert not hasattr(Network, "to_pure")
    assert not hasattr(FastNetwork, "to_fast")


@both
@pytest.mark.parametrize("name", ["copy", "scaled", "with_activation"])
def test_a_network_made_of_another_shares_nothing_with_it(engine: Any, name: str) -> None:
    """Of the same engine, with the same layers and cost."""
    network = engine([2, Dense(3, "tanh"), 1], seed=0)
    arguments = {"copy": (), "scaled": (1.0,), "with_activation": ("relu",)}[name]
    other = getattr(network, name)(*arguments)
    assert type(other) is engine
    assert (other == network) is (name != "with_activation")
    assert other.sizes == network.sizes
    list(other.train(XOR, 1, 1, 3.0, seed=0))
    assert network == engine([2, Dense(3, "tanh"), 1], seed=0)


def test_a_float32_network_stays_one_in_copies_and_files(tmp_path: Path) -> None:
    """copy, scaled, save and load keep the kind of its floats."""
    network = FastNetwork([2, 3, 1], seed=0, dtype="float32")
    network.save(tmp_path / "net.json")
    for other in (network.copy(), network.scaled(1.0), FastNetwork.load(tmp_path / "net.json")):
        assert (other.dtype, other) == ("float32", network)
    assert network != FastNetwork([2, 3, 1], seed=0)


@both
def test_networks_of_other_layers_cost_or_numbers_are_not_equal(engine: Any) -> None:
    """And a pure network is never equal to a fast one."""
    network = engine([2, 3, 1], seed=0)
    assert network == engine([2, 3, 1], seed=0)
    assert network != engine([2, 3, 1], seed=1)
    assert network != engine([2, Dense(3, "tanh"), 1], seed=0)
    assert Network([2, 3, 1], seed=0) != FastNetwork([2, 3, 1], seed=0)
    assert network != 3


@both
def test_predict_is_the_index_of_the_strongest_output(engine: Any) -> None:
    """Of a single output, 1 from 1/2 up."""
    network = engine.from_parameters([[0, 1, -1]], [[[1], [0], [0]]])
    assert [network.predict([x]) for x in (-5, 0, 5)] == [1, 1, 0]
    assert [engine.from_parameters([[0]], [[[1]]]).predict([x]) for x in (-1, 0)] == [0, 1]


@both
def test_layers_are_numbered_as_in_the_book(engine: Any) -> None:
    """layer(2) is the first that computes; weights[0] and biases[0] are its own."""
    network = engine([2, 3, 1], seed=0)
    assert network.learning == (2, 3)
    for l, w, b in zip(network.learning, network.weights, network.biases):
        assert np.array_equal(np.asarray(network.layer(l).weights), np.asarray(w))
        assert np.array_equal(np.asarray(network.layer(l).biases), np.asarray(b))
        assert network.layer(l).description == network.layers[l - 1]
    for l in (0, 1, 4, -1, "2", 2.0, None):
        with pytest.raises(ArgumentError, match="layer: expected 2 to 3, got"):
            network.layer(l)


@both
def test_parameters_that_do_not_fit_the_layers_are_rejected(engine: Any) -> None:
    """One Vector and one Matrix for each layer that learns."""
    for biases, weights, words in [
        ([], [], "expected one of each per layer, got 0 and 0"),
        ([[1]], [], "expected one of each per layer, got 1 and 0"),
        ([[1, 2], [1]], [[[1], [2]], [[1, 2, 3]]], "weights for 3 inputs after a layer of 2"),
        ([[1, 2]], [[[1], [2], [3]]], "expected 2×1 and 2, got 3×1 weights and 2 biases"),
    ]:
        with pytest.raises(ShapeError, match=words):
            engine.from_parameters(biases, weights)
    with pytest.raises(ShapeError, match="for the 2 layers that learn, got 1 and 1"):
        engine.from_parameters([[1]], [[[1]]], layers=[1, 1, 1])
    with pytest.raises(ArgumentError, match="cost: expected quadratic, .*got 'cubic'"):
        engine([2, 1], cost="cubic")


def test_the_fast_network_takes_arrays_wherever_it_takes_one_example() -> None:
    """Vectors and arrays are the same numbers."""
    network = FastNetwork([2, 3, 2], seed=0)
    x, y = Vector([0.5, -1]), Vector([1, 0])
    X, Y = np.asarray(x), np.asarray(y)
    assert np.array_equal(network.feedforward(X), network.feedforward(x))
    assert np.array_equal(network.forward(X)[2].z, network.forward(x)[2].z)
    assert network.predict(X) == network.predict(x)
    for ours, theirs in zip(network.backprop(X, Y).weights, network.backprop(x, y).weights):
        assert np.array_equal(ours, theirs)
    other = network.copy()
    pair: Any = X, Y
    network.update_mini_batch([pair], 0.5)
    other.update_mini_batch([(x, y)], 0.5)
    assert network == other
    assert network.measure([pair]) == other.measure([(x, y)])
    with pytest.raises(ShapeError, match="x: expected a Vector of 2, got Vector of 3"):
        network.backprop(np.zeros(3), Y)


def test_backprop_names_no_formula_and_no_kind_of_layer() -> None:
    """The order of the steps, and nothing else: what they are is the layers' and the cost's."""
    names = set(Network.backprop.__code__.co_names) | set(Network.forward.__code__.co_names)
    imported = {name for name in vars(tinynn.network) if "error" in name or "activation" in name}
    assert not names & imported
    assert {"error", "error_before", "add_gradient"} <= names
    source = inspect.getsource(Network.backprop).split('"""')[2]
    assert not {"Dense", "sigma", "*", "+="} & set(source.split())


def test_backprop_adds_into_the_sums_of_a_mini_batch() -> None:
    """Σ_x ∂C_x/∂w: the same objects come back, and each example is added once."""
    network = Network([2, 3, 1], seed=0)
    sums = Gradient(
        [Vector.zeros(len(b)) for b in network.biases],
        [w * 0.0 for w in network.weights],
    )
    for x, y in XOR:
        assert network.backprop(x, y, sums) is sums
    with pytest.raises(ShapeError, match=r"sums: expected an entry for each of layers \(2, 3\)"):
        network.backprop(*XOR[0], Gradient([], []))
    for i in range(2):
        parts = [network.backprop(x, y).weights[i] for x, y in XOR]
        assert sums.weights[i] == parts[0] + parts[1] + parts[2] + parts[3]


@both
def test_eta_is_a_finite_number_above_0_in_a_single_step_too(engine: Any) -> None:
    """`update_mini_batch` checks as `train` does."""
    network = engine([2, 3, 1], seed=0)
    for eta in (0, -1, float("nan"), float("inf"), True, "1", None):
        with pytest.raises(ArgumentError, match="eta: expected a finite number above 0"):
            network.update_mini_batch(XOR, eta)
    assert network == engine([2, 3, 1], seed=0)
