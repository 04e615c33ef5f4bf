"""Dropout: one mask per mini-batch, the same in both engines; 1 - p in answers."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import (
    ArgumentError,
    DataError,
    Dense,
    Dropout,
    Network,
    ShapeError,
    Vector,
    gradcheck,
)
from tinynn.equations import masked_activation, masked_error
from tinynn.fast import Network as FastNetwork
from tinynn.fast.masks import masks_of, randoms
from tinynn.layers import DropoutLayer, Plan
from tinynn.randomness import Masks
from tinynn.stepper import record
from tinynn.stepper.scenes import network_scene

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])
XOR = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
LAYERS: list[Any] = [2, Dense(6, "tanh"), Dropout(0.5), Dense(4), Dropout(0.25), Dense(1)]


# The formulas.


@pytest.mark.ch3
def test_dropout_mask() -> None:
    """(r⊙a): 1 keeps an activation, 0 drops it."""
    check("dropout-mask", masked_activation)


@pytest.mark.ch3
def test_a_dropped_neuron_and_its_error_worked_by_hand() -> None:
    """(r⊙a): a neuron that is dropped is 0. (r⊙δ): and it has no error; σ'(0) = 1/4."""
    a = masked_activation(Vector([1, 0, 0.5]), Vector([3, 4, 5]))
    assert a == Vector([3, 0, 2.5]), "(r⊙a): a^l_j = r^l_j a^{l-1}_j"
    delta = masked_error(Vector([1, 0, 0.5]), Vector([4, 5, 6]), Vector([0, 0, 0]))
    assert delta == Vector([1, 0, 0.75]), "(r⊙δ): δ^l_j = r^{l+1}_j δ^{l+1}_j σ'(z^l_j)"
    slopes = masked_error(Vector([1, 1]), Vector([4, 4]), Vector([0, 1000]))
    assert slopes == Vector([1, 0]), "(r⊙δ): δ^l_j = r^{l+1}_j δ^{l+1}_j σ'(z^l_j)"


@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        (masked_activation, (Vector([1]), Vector([1, 2]))),
        (masked_activation, ([1], Vector([1]))),
        (masked_error, (Vector([1]), Vector([1, 2]), Vector([1]))),
        (masked_error, (Vector([1]), Vector([1]), Vector([1, 2]))),
    ],
)
def test_a_formula_checks_its_arguments(function: Any, wrong: Any) -> None:
    """Vectors of one length."""
    with pytest.raises(ValueError, match="mask|activations|next_error|weighted_inputs"):
        function(*wrong)


@pytest.mark.parametrize("p", [1, -0.1, 1.5, float("nan"), "0.5", None, True])
def test_a_share_is_from_0_to_below_1(p: Any) -> None:
    """A layer that drops all of its neurons has no output."""
    with pytest.raises(ArgumentError, match="Dropout: p: expected a share from 0 to below 1"):
        Dropout(p)


def test_outputs_are_not_dropped() -> None:
    """A dropout layer needs a layer after it, and it has no weights."""
    with pytest.raises(ArgumentError, match=r"layer 3: .*Dropout\(0.5\)"):
        Network([2, 3, Dropout(0.5)])
    with pytest.raises(ShapeError, match="no weights"):
        DropoutLayer(Dropout(0.5), (2,), Vector([1, 2]))  # type: ignore[arg-type]


# Masks.


@pytest.mark.ch3
@given(st.integers(0, 99), st.floats(0.0, 0.99), st.integers(1, 9))
def test_a_mask_keeps_a_neuron_where_the_draw_is_at_least_p(seed: int, p: float, size: int) -> None:
    """r_j = 1 if rng.random() >= p, else 0: layer by layer, neuron by neuron."""
    masks, draws = Masks({2: (size, p), 4: (2, p)}, Random(seed)), Random(seed)
    for _ in range(3):
        expected = [float(draws.random() >= p) for _ in range(size + 2)]
        drawn = masks.draw()
        assert [*drawn[2], *drawn[4]] == expected
        assert masks.last is drawn


@given(st.integers(0, 99), st.integers(1, 5), st.lists(st.integers(1, 70), min_size=1, max_size=3))
def test_many_masks_at_once_are_those_drawn_one_by_one(
    seed: int, count: int, sizes: list[int]
) -> None:
    """The fast engine asks once for some mini-batches; the generator ends in the same state."""
    dropout = {l: (size, 0.4) for l, size in enumerate(sizes, start=2)}
    one, many = Masks(dropout, Random(seed)), Masks(dropout, Random(seed))
    for found in masks_of(many, count):
        drawn = one.draw()
        assert {l: list(mask) for l, mask in found.items()} == drawn
    assert one.rng.getstate() == many.rng.getstate()  # type: ignore[attr-defined]


@given(st.integers(0, 99), st.integers(1, 1000))
def test_the_bits_of_a_generator_are_its_random_numbers(seed: int, count: int) -> None:
    """Of `random.Random` in one call; another kind of generator is asked one by one."""

    class Other(Random):
        def random(self) -> float:
            return 1.0 - super().random()

    expected = Random(seed)
    numbers = [expected.random() for _ in range(count)]
    assert randoms(Random(seed), count).tolist() == numbers
    assert randoms(Other(seed), count).tolist() == [1.0 - number for number in numbers]


# A network.


@pytest.mark.ch3
@given(st.data())
def test_the_answer_is_the_mean_over_masks_where_neurons_are_linear(data: st.DataObject) -> None:
    """1 - p is the mean over all masks, weighted by their probabilities."""
    p, q = data.draw(st.sampled_from([0.1, 0.5])), data.draw(st.sampled_from([0.0, 0.25]))
    seed = data.draw(st.integers(0, 99))
    hidden = Dense(3, "linear"), Dropout(p), Dense(2, "linear"), Dropout(q)
    net, x = Network([2, *hidden, Dense(2, "linear")], seed=seed), Vector([0.5, -1.0])
    mean = Vector.zeros(2)
    for mask in product((0.0, 1.0), repeat=5):
        chance = 1.0
        for r, share in zip(mask, [p, p, p, q, q]):
            chance *= 1.0 - share if r else share
        mean += net._masked({3: mask[:3], 5: mask[3:]}).feedforward(x) * chance
    for found, expected in zip(net.feedforward(x), mean):
        close(found, expected, "r = 1 - p is the mean over masks: a^l_j = r^l_j a^{l-1}_j", 1e-12)


@pytest.mark.ch3
@ENGINES
def test_a_step_of_a_thinned_network_moves_only_kept_neurons(engine: Any) -> None:
    """No error reaches a neuron that was dropped, and no weight that leaves it moves; λ does."""
    net = engine([2, Dense(6, "tanh"), Dropout(0.5), Dense(1)], seed=0)
    before = net.copy()
    thin = net.thinned(seed=3)
    mask = Masks(net.plan.dropout, Random(3)).draw()[3]
    assert 0.0 < sum(mask) < 6.0
    thin.update_mini_batch(XOR, 0.5)
    for j, r in enumerate(mask):
        into = list(net.weights[0][j]) != list(before.weights[0][j])
        out = net.weights[1][0][j] != before.weights[1][0][j]
        bias = net.biases[0][j] != before.biases[0][j]
        assert [into, out, bias] == [r == 1.0] * 3, f"neuron {j + 1}, r = {r}"
    net.thinned(seed=3).update_mini_batch(XOR, 0.5, 1.0)
    assert all(net.weights[1][0][j] != before.weights[1][0][j] for j in range(6))


@pytest.mark.ch3
def test_the_gradient_of_a_thinned_network_is_the_slope_of_its_cost() -> None:
    """Every weight and bias is moved; and of the network that answers with 1 - p too."""
    net = Network(LAYERS, seed=0)
    for seed in range(3):
        gradcheck(net.thinned(seed=seed), *XOR[1])
    gradcheck(net, *XOR[1])


@pytest.mark.ch3
@ENGINES
def test_dropout_0_changes_nothing(engine: Any) -> None:
    """p = 0: the same answers and steps as without it."""
    plain, other = engine([2, 3, 1], seed=0), engine([2, 3, Dropout(0.0), 1], seed=0)
    for net in (plain, other):
        net.thinned(seed=0).update_mini_batch(XOR, 0.5)
    close(float(other.feedforward([1, 0])[0]), float(plain.feedforward([1, 0])[0]), "p = 0", 1e-15)


@pytest.mark.ch3
@ENGINES
def test_a_run_draws_a_mask_for_each_mini_batch_after_the_shuffle(engine: Any) -> None:
    """From the run's own generator: by hand, with a generator of the same seed, it is the same."""
    net, by_hand = engine(LAYERS, seed=0), engine(LAYERS, seed=0)
    net.train(XOR, 2, 3, 0.5, seed=7).finish()
    rng, order = Random(7), list(range(4))
    for _ in range(2):
        rng.shuffle(order)
        for part in (order[:3], order[3:]):
            by_hand.thinned(rng).update_mini_batch([XOR[i] for i in part], 0.5)
    for ours, theirs in zip(net.weights, by_hand.weights):
        assert np.allclose(np.asarray(ours), np.asarray(theirs), rtol=1e-12)


@pytest.mark.ch3
@settings(max_examples=20)
@given(st.integers(0, 99), st.integers(1, 5))
def test_the_same_seed_drops_the_same_neurons_in_both_engines(seed: int, size: int) -> None:
    """Three epochs: the weights agree, and both generators are in one state."""
    nets: list[Any] = [engine(LAYERS, seed=seed) for engine in (Network, FastNetwork)]
    rngs = [Random(seed), Random(seed)]
    for net, rng in zip(nets, rngs):
        net.train(XOR, 3, size, 0.5, mu=0.5, rng=rng).finish()
    for ours, theirs in zip(nets[1].weights, nets[0].weights):
        assert np.allclose(ours, np.asarray(theirs), rtol=1e-9, atol=1e-12)
    assert rngs[0].getstate() == rngs[1].getstate()


@ENGINES
def test_measuring_between_two_mini_batches_drops_nothing(engine: Any) -> None:
    """A look at the network within an epoch answers with 1 - p, and does not disturb the run."""
    net, other = engine(LAYERS, seed=0), engine(LAYERS, seed=0)

    def look(progress: Any) -> None:
        assert net.measure(XOR[:3]).cost == net.copy().measure(XOR[:3]).cost

    net.train(XOR, 2, 3, 0.5, seed=1, on_mini_batch=look).finish()
    other.train(XOR, 2, 3, 0.5, seed=1).finish()
    assert net == other


@ENGINES
def test_a_run_with_dropout_is_resumed_to_the_same_bits(engine: Any, tmp_path: Path) -> None:
    """The layers and the generator are in the file."""
    path = tmp_path / "run.json"
    whole = engine(LAYERS, seed=0)
    whole.train(XOR, 4, 3, 0.5, seed=0).finish()
    run = engine(LAYERS, seed=0).train(XOR, 4, 3, 0.5, seed=0)
    next(run), next(run)
    run.save(path)
    again = engine.resume(path, XOR)
    again.finish()
    assert again.network == whole
    assert engine.load(path).layers == [(2,), *LAYERS[1:]]


def test_a_file_with_a_share_of_1_is_rejected(tmp_path: Path) -> None:
    """Named by layer."""
    path = tmp_path / "net.json"
    Network([2, 3, Dropout(0.5), 1], seed=0).save(path)
    path.write_text(path.read_text().replace('"p": 0.5', '"p": 1.0'))
    with pytest.raises(DataError, match="layer 3: Dropout: p: expected a share"):
        Network.load(path)


@ENGINES
def test_a_thinned_network_shares_its_numbers_and_a_copy_does_not(engine: Any) -> None:
    """A thinned network has the same numbers; a copy of one is whole again, with its own."""
    net = engine(LAYERS, seed=0)
    thin = net.thinned(seed=0)
    assert [*thin.plan.dropout] == [3, 5]
    thin.weights[0][0][0] = 9.0
    assert net.weights[0][0][0] == 9.0
    mask = Masks(net.plan.dropout, Random(0)).draw()[3]
    assert np.ravel(thin.layer(3).mask).tolist() == mask
    a, r = (np.asarray(thin.forward(Vector([1, 0]))[l].a) for l in (2, 3))
    assert (r == np.array(mask) * a).all(), "(r⊙a): one example is thinned too"
    copy = thin.copy()
    assert copy.feedforward([1, 0])[0] == net.feedforward([1, 0])[0]
    copy.weights[0][0][0] = 7.0
    assert net.weights[0][0][0] == 9.0
    with pytest.raises(ArgumentError, match="seed and rng"):
        net.thinned(Random(0), seed=0)


def test_a_plan_knows_its_dropout() -> None:
    """By layer: how many neurons, and the share."""
    assert Plan(LAYERS).dropout == {3: (6, 0.5), 5: (4, 0.25)}
    assert Plan([(1, 4, 4), Dropout(0.2), 3]).dropout == {2: (16, 0.2)}


# Stepping.


@pytest.mark.ch3
def test_stepping_shows_the_dropped_neurons() -> None:
    """r is in each line; a scene names the neurons, and its network drops the same ones."""
    net = Network([2, Dense(4), Dropout(0.5), Dense(1)], seed=0)
    scene = network_scene(net, Vector([1, 0]), Vector([1]))
    mask = Masks(net.plan.dropout, Random(0)).draw()[3]
    assert scene.dropped == tuple((3, j) for j, r in enumerate(mask) if r == 0.0)
    second = network_scene(net, Vector([1, 0]), Vector([1]), mu=0.5)
    rng = Random(0)
    Masks(net.plan.dropout, rng).draw()
    mask_2 = Masks(net.plan.dropout, rng).draw()[3]
    assert second.dropped == tuple((3, j) for j, r in enumerate(mask_2) if r == 0.0)
    left = [step.result for step in scene.steps if step.number == "r⊙a" and step.place]
    for j, (r, a) in enumerate(zip(mask, left)):
        assert (a == 0.0) == (r == 0.0), f"(r⊙a): a_{j + 1}"
    assert [s.symbols["r"] for s in scene.steps if s.number == "r⊙δ"][0] == "r^{l+1}"
    with record() as steps:
        net.feedforward([1, 0])
    assert {step.number for step in steps} == {"z", "a", "3", "r⊙a"}
