"""The fast engine: the same numbers as the loops, and no broadcasting."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tinynn
from tinynn import (
    ArgumentError,
    DataError,
    DivergenceError,
    Matrix,
    Network,
    ShapeError,
    Vector,
    load_digits,
)
from tinynn.activations import ACTIVATIONS
from tinynn.fast import Network as FastNetwork
from tinynn.fast.data import parts
from tinynn.fast.equations import dense as fast
from tinynn.fast.equations.activations import FAST_ACTIVATIONS
from tinynn.teaching.strategies import layer_sizes, matrices, numbers, vectors

Examples = list[tuple[Vector, Vector]]
SMOOTH = st.sampled_from(["sigmoid", "tanh"])


@st.composite
def tasks(draw: st.DrawFn) -> tuple[Network, Examples]:
    """Draw a pure network with any smooth activation function, and 1 to 12 examples for it."""
    sizes = draw(layer_sizes())
    network = Network(sizes, seed=draw(st.integers(0, 10**6)), activation=draw(SMOOTH))
    pair = st.tuples(
        vectors(numbers(-1.0, 1.0), size=sizes[0]), vectors(numbers(-1.0, 1.0), size=sizes[-1])
    )
    return network, draw(st.lists(pair, min_size=1, max_size=12))


def agree(ours: Any, theirs: Any, tolerance: float, claim: str) -> None:
    """Fail, with the claim, unless two arrays agree relative to the largest entry."""
    p, q = np.asarray(ours, float), np.asarray(theirs, float)
    assert p.shape == q.shape, f"{claim}: {p.shape} and {q.shape}"
    apart = np.abs(p - q).max()
    largest = max(1.0, np.abs(q).max())
    assert apart <= tolerance * largest, f"{claim}: fast and pure differ by {apart}"


@given(layer_sizes(), st.integers(0, 10**6))
def test_the_same_seed_draws_the_same_first_weights(sizes: list[int], seed: int) -> None:
    """Exactly the same numbers."""
    assert FastNetwork(sizes, seed=seed).to_pure() == Network(sizes, seed=seed)


@given(tasks())
def test_a_network_is_carried_across_exactly(task: tuple[Network, Examples]) -> None:
    """to_fast() and to_pure() lose no bit, of any kind of network."""
    network, _ = task
    there = FastNetwork.from_pure(network)
    assert there.to_pure() == network
    assert FastNetwork.from_pure(there.to_pure()) == there
    assert there.sizes == network.sizes
    assert there.parameter_count() == network.parameter_count()


@pytest.mark.ch2
@given(tasks())
def test_outputs_and_gradients_agree_to_1e_12(task: tuple[Network, Examples]) -> None:
    """(22) and (BP1)-(BP4) in matrix form, against the loops."""
    network, examples = task
    quick = FastNetwork.from_pure(network)
    x, y = examples[0]
    passed, quick_passed = network.forward(x), quick.forward(x)
    for l in range(1, network.num_layers + 1):
        agree(quick_passed[l].a, passed[l].a, 1e-12, f"a^{l}")
        agree(quick_passed[l].z, passed[l].z, 1e-12, f"z^{l}")
    for pure, ours in (
        (network.backprop(x, y), quick.backprop(x, y)),
        (network.backprop_mini_batch(examples), quick.backprop_mini_batch(examples)),
    ):
        for i in range(network.num_layers - 1):
            agree(ours.biases[i], pure.biases[i], 1e-12, f"∂C/∂b^{i + 2}")
            agree(ours.weights[i], pure.weights[i], 1e-12, f"∂C/∂w^{i + 2}")


@pytest.mark.ch1
@given(tasks(), st.integers(1, 14), st.integers(0, 99))
def test_weights_after_an_epoch_agree_to_1e_9(
    task: tuple[Network, Examples], size: int, seed: int
) -> None:
    """Same seed, same shuffles, same mini-batches, the smaller last one included."""
    network, examples = task
    quick = FastNetwork.from_pure(network)
    (pure_report,) = network.train(examples, 1, size, 0.5, test_data=examples, seed=seed)
    (quick_report,) = quick.train(examples, 1, size, 0.5, test_data=examples, seed=seed)
    for i in range(network.num_layers - 1):
        agree(quick.weights[i], network.weights[i], 1e-9, f"w^{i + 2}")
        agree(quick.biases[i], network.biases[i], 1e-9, f"b^{i + 2}")
    assert quick_report.total == pure_report.total
    assert quick_report.cost == pytest.approx(pure_report.cost, rel=1e-9, abs=1e-12)


@pytest.mark.ch1
def test_the_demo_learns_the_same_on_both_paths() -> None:
    """Two epochs of the shipped digits: the same counts, the same costs, the same confusions."""
    digits = load_digits()
    network, quick = Network([64, 30, 10], seed=0), FastNetwork([64, 30, 10], seed=0)
    settings: dict[str, Any] = {"test_data": digits.test, "seed": 0}
    for pure, ours in zip(
        network.train(digits.training, 2, 10, 3.0, **settings),
        quick.train(digits.training, 2, 10, 3.0, **settings),
    ):
        assert str(ours) == str(pure)
        assert ours.cost == pytest.approx(pure.cost, rel=1e-12)
    pure_answers, our_answers = network.answers(digits.test), quick.answers(digits.test)
    assert our_answers.confusion == pure_answers.confusion
    assert our_answers.largest == pytest.approx(pure_answers.largest, rel=1e-12)
    assert [quick.predict(x) for x, _ in digits.test] == [
        network.predict(x) for x, _ in digits.test
    ]


def test_a_list_of_examples_and_the_bytes_of_a_data_set_are_the_same_data() -> None:
    """Pixels are gathered as bytes, and scaled to the same floats."""
    digits = load_digits()
    networks = [FastNetwork([64, 5, 10], seed=0) for _ in range(2)]
    list(networks[0].train(digits.training, 1, 7, 3.0, seed=0))
    list(networks[1].train(list(digits.training), 1, 7, 3.0, seed=0))
    assert networks[0] == networks[1]
    assert networks[0].measure(digits.test) == networks[1].measure(list(digits.test))


def test_float32_keeps_seven_digits() -> None:
    """The faster choice learns the same thing, not the same numbers."""
    digits = load_digits()
    exact, short = (
        FastNetwork([64, 30, 10], seed=0, dtype=dtype) for dtype in ("float64", "float32")
    )
    assert short.weights[0].dtype == np.float32
    for network in (exact, short):
        *_, last = network.train(digits.training, 3, 10, 3.0, test_data=digits.test, seed=0)
        assert (last.correct or 0) > 400
    agree(short.weights[0], exact.weights[0], 1e-3, "w^2 in float32")


@pytest.mark.parametrize("name", FAST_ACTIVATIONS)
def test_activation_functions_are_those_of_the_pure_path(name: str) -> None:
    """Value and derivative, at any float, without a warning; σ(±1000) is 1 or 0."""
    points = [-1e308, -1000.0, -3.0, -0.5, 0.0, 0.5, 3.0, 1000.0, 1e308]
    z = np.array([points])
    with np.errstate(over="ignore"):
        a = FAST_ACTIVATIONS[name].value(z, None)
        slopes = FAST_ACTIVATIONS[name].derivative(a, None)
    pure = ACTIVATIONS[name]
    agree(a[0], [pure.value(point) for point in points], 1e-15, f"{name}: σ")
    agree(slopes[0], [pure.derivative(point) for point in points], 1e-12, f"{name}: σ'")
    buffer, slope = np.empty_like(z), np.empty_like(z)
    with np.errstate(over="ignore"):
        assert FAST_ACTIVATIONS[name].value(z, buffer) is buffer
        assert FAST_ACTIVATIONS[name].derivative(buffer, slope) is slope
    assert (buffer == a).all()
    assert (slope == slopes).all()
    assert z[0].tolist() == points, "the argument is left as it was"


@pytest.mark.ch2
@given(st.data(), st.integers(1, 5))
def test_the_six_functions_are_the_loops_column_by_column(data: st.DataObject, m: int) -> None:
    """Each of the six over m columns, against the pure function of the same name."""
    J, K = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    w, b = data.draw(matrices(rows=J, columns=K)), data.draw(vectors(size=J))
    a = [data.draw(vectors(size=K)) for _ in range(m)]
    y = [data.draw(vectors(size=J)) for _ in range(m)]
    W, B = np.asarray(w), np.asarray(b)[:, np.newaxis]
    A, Y = np.asarray(Matrix(a)).T, np.asarray(Matrix(y)).T
    pure = sys.modules["tinynn.equations.dense"]

    Z = fast.weighted_input(W, A, B)
    z = [pure.weighted_input(w, each, b) for each in a]
    agree(Z.T, Matrix(z), 1e-12, "z")
    with np.errstate(over="ignore"):
        agree(fast.activation(Z).T, Matrix([pure.activation(each) for each in z]), 1e-12, "a")
        slopes = FAST_ACTIVATIONS["sigmoid"].derivative(fast.activation(Z), None)
    delta = [pure.output_error(each, at) for each, at in zip(y, z)]
    D = fast.output_error(Y, slopes)
    agree(D.T, Matrix(delta), 1e-12, "BP1")
    below = [pure.hidden_error(w, each, at) for each, at in zip(delta, a)]
    with np.errstate(over="ignore"):
        slopes_below = FAST_ACTIVATIONS["sigmoid"].derivative(fast.activation(A), None)
    agree(fast.hidden_error(W, D, slopes_below).T, Matrix(below), 1e-12, "BP2")
    sums = np.asarray(Matrix([pure.bias_gradient(each) for each in delta])).sum(axis=0)
    agree(fast.bias_gradient(D, np.ones(m)), sums, 1e-12, "BP3")
    terms = [np.asarray(pure.weight_gradient(at, each)) for at, each in zip(a, delta)]
    agree(fast.weight_gradient(A, D), np.sum(terms, axis=0), 1e-12, "BP4")


def test_the_six_functions_bear_the_same_names_on_both_pages() -> None:
    """A reader can compare the two modules."""
    pure = sys.modules["tinynn.equations.dense"]
    for name in (
        "weighted_input",
        "activation",
        "output_error",
        "hidden_error",
        "bias_gradient",
        "weight_gradient",
    ):
        assert callable(getattr(fast, name))
        assert callable(getattr(pure, name))


def test_nothing_broadcasts_by_accident() -> None:
    """NumPy would broadcast each of these silently."""
    w, a, b = np.ones((3, 2)), np.ones((2, 3)), np.ones((3, 1))
    mistakes: list[Callable[[], object]] = [
        lambda: fast.weighted_input(w, a, np.ones(3)),
        lambda: fast.weighted_input(w, a, np.ones((1, 3))),
        lambda: fast.weighted_input(w, a, np.ones((1, 1))),
        lambda: fast.weighted_input(w, np.ones((3, 2)), b),
        lambda: fast.output_error(np.ones((3, 1)), np.ones((3, 4))),
        lambda: fast.hidden_error(w, np.ones((3, 4)), np.ones((2, 1))),
        lambda: fast.hidden_error(w.T, np.ones((3, 4)), np.ones((2, 4))),
        lambda: fast.bias_gradient(np.ones((3, 4)), np.ones((4, 1))),
        lambda: fast.weight_gradient(np.ones((2, 4)), np.ones((3, 5))),
    ]
    for wrong in mistakes:
        with pytest.raises(ShapeError):
            wrong()


def test_the_fast_network_rejects_the_same_mistakes() -> None:
    """The same mistakes get the same messages."""
    quick = FastNetwork([2, 2, 1], seed=0)
    for wrong in (np.zeros((2, 1)), [[0.0, 0.0]]):
        with pytest.raises(DataError, match="entry 0"):
            quick.feedforward(wrong)
    with pytest.raises(ShapeError, match="x: expected a Vector of 2, got Vector of 3"):
        quick.feedforward([0, 0, 0])
    with pytest.raises(ShapeError, match="example 0, y: expected a Vector of 1, got 1"):
        quick.backprop(Vector([1, 0]), 1)
    with pytest.raises(DataError, match="training_data: expected at least one example"):
        quick.train([], 1, 1, 1.0)
    with pytest.raises(DataError, match="at least one example"):
        quick.update_mini_batch([], 1.0)
    with pytest.raises(ShapeError, match="expected 2 and 1, got images of 8×8 and 10 answers"):
        quick.measure(load_digits().test)
    with pytest.raises(ArgumentError, match="expected a tinynn.Network, got a Network"):
        FastNetwork.from_pure(quick)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="for a fast network, write network.to_pure"):
        tinynn.gradcheck(quick, Vector([1, 0]), Vector([1]))  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="eta"):
        quick.train([(Vector([1, 0]), Vector([1]))], 1, 1, 0.0)
    for dtype in ("float16", "int", 3):
        with pytest.raises(ArgumentError, match="dtype: expected float64 or float32"):
            FastNetwork([2, 1], dtype=dtype)  # type: ignore[arg-type]


def test_one_output_neuron_answers_yes_from_a_half_up_here_too() -> None:
    """Chapter 1's convention, on both paths."""
    network = Network.from_parameters([[0.0]], [[[1.0]]])
    data = [(Vector([z]), Vector([y])) for z in (-1, 0, 2) for y in (0, 1)]
    quick = FastNetwork.from_pure(network)
    assert quick.evaluate(data) == network.evaluate(data) == 3
    assert quick.answers(data) == network.answers(data)


def test_a_learning_rate_far_too_large_raises_an_error_here_too() -> None:
    """DivergenceError, and no NumPy warning on the way."""
    quick = FastNetwork([2, 2, 1], seed=0, activation="linear")
    data = [(Vector([1, 0]), Vector([1]))]
    with np.errstate(all="ignore"), pytest.raises(DivergenceError, match="too large"):
        list(quick.train(data, 500, 1, 1000.0, seed=0))


def test_both_paths_read_each_others_files(tmp_path: Path) -> None:
    """One format."""
    quick = FastNetwork([3, 2], seed=1)
    quick.save(tmp_path / "fast.json")
    assert Network.load(tmp_path / "fast.json") == Network([3, 2], seed=1)
    Network([3, 2], seed=2).save(tmp_path / "pure.json")
    assert FastNetwork.load(tmp_path / "pure.json") == FastNetwork([3, 2], seed=2)
    short = FastNetwork([3, 2], seed=1, dtype="float32")
    short.save(tmp_path / "short.json")
    assert FastNetwork.load(tmp_path / "short.json", dtype="float32") == short


def test_weights_are_the_networks_own_and_a_copy_is_not() -> None:
    """Writing into net.weights changes the network; writing into a copy does not."""
    quick = FastNetwork([2, 2], seed=0)
    quick.copy().weights[0][0, 0] = 99.0
    assert quick == FastNetwork([2, 2], seed=0)
    quick.weights[0][0, 0] = 0.25
    quick.biases[0][1] = 0.5
    assert quick.to_pure().weights[0][0][0] == 0.25
    assert quick.to_pure().biases[0][1] == 0.5


def test_the_callers_data_and_random_state_are_untouched() -> None:
    """Neither reordered nor changed; NumPy's global generator is not used at all."""
    data = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    kept = [(x.copy(), y.copy()) for x, y in data]
    state = str(np.random.get_state())
    list(FastNetwork([2, 2, 1], seed=0).train(data, 3, 2, 3.0, seed=0))
    assert data == kept
    assert str(np.random.get_state()) == state


def test_the_step_allocates_nothing_that_grows_with_the_run() -> None:
    """Forty epochs take no more memory at their peak than four."""
    digits = load_digits()
    network = FastNetwork([64, 30, 10], seed=0)
    peaks = []
    list(network.train(digits.training, 1, 10, 3.0, seed=0))
    for epochs in (4, 40):
        tracemalloc.start()
        for _ in network.train(digits.training, epochs, 10, 3.0, seed=0):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0], peaks


def test_every_example_has_its_place_in_a_mini_batch() -> None:
    """Whole mini-batches first, then the smaller last one."""
    for n in range(1, 30):
        for m in range(1, 35):
            cut = parts(n, m)
            assert sum(stop - start for _, start, stop in cut) == n
            assert all((stop - start) % size == 0 for size, start, stop in cut)


def test_without_numpy_one_line_names_the_command(tmp_path: Path) -> None:
    """`import tinynn` works; `tinynn.fast` says what to install."""
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("raise ImportError('no numpy here')\n")
    root = Path(tinynn.__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", "import tinynn; print('core'); import tinynn.fast"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(root)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "core\n"
    assert done.stderr.splitlines()[-1] == (
        "ImportError: tinynn.fast needs NumPy: pip install numpy"
    )
