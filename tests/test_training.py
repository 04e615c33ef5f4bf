"""Stochastic gradient descent: an epoch changes the network and nothing else."""

from __future__ import annotations

import math
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import (
    ArgumentError,
    DataError,
    DivergenceError,
    Gradient,
    Matrix,
    Network,
    Progress,
    ShapeError,
    TinyNNError,
    Vector,
    load_digits,
)
from tinynn.equations import (
    bias_gradient,
    mean_gradient,
    updated_biases,
    updated_weights,
    weight_gradient,
)
from tinynn.training import mini_batches

XOR = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]


class Spy(Network):
    """A network that writes down the mini-batches it is given."""

    batches: list[list[Any]]

    def _step(self, mini_batch: Any, eta: float, update: Any = None) -> None:
        """Keep the mini-batch, learn nothing."""
        self.batches.append(list(mini_batch))


def numbered(n: int) -> list[tuple[Vector, Vector]]:
    """Return n different examples."""
    return [(Vector([i, 0]), Vector([0])) for i in range(n)]


def spy() -> Spy:
    """Return a new spy."""
    network = Spy([2, 1], seed=0)
    network.batches = []
    return network


def epoch(examples: list[tuple[int, int]], size: int, rng: Random) -> list[Any]:
    """Return one epoch of the real training loop: the mini-batches that it hands to the network."""
    network = spy()
    data = [(Vector([x, y]), Vector([0])) for x, y in examples]
    list(network.train(data, 1, size, 1.0, rng=rng))
    return [[x for x, _ in batch] for batch in network.batches]


@pytest.mark.ch1
def test_mini_batches_cover() -> None:
    """Every example exactly once in an epoch; only the last mini-batch may be smaller."""
    check("mini-batches-cover", epoch)


@pytest.mark.ch1
def test_mini_batches_mix() -> None:
    """Over many epochs every example meets every other."""
    check("mini-batches-mix", epoch)


@pytest.mark.ch1
def test_mini_batches_leave_data() -> None:
    """The caller's list keeps its order."""
    check("mini-batches-leave-data", epoch)


@pytest.mark.ch1
def test_mini_batches_repeat() -> None:
    """The generator that is handed over is the only chance there is."""
    check("mini-batches-repeat", epoch)


@pytest.mark.ch1
def test_mini_batch_mean() -> None:
    """(19): 1/m Σ_j ∇C_Xj, for biases and for weights."""

    def mean(gradients: list[Vector]) -> Vector:
        size = len(gradients[0])
        total = Gradient([Vector.zeros(size)], [Matrix.zeros(size, 1)])
        for nabla in gradients:
            bias_gradient(nabla, total.biases[0])
            weight_gradient(Vector([1]), nabla, total.weights[0])
        nabla_b, nabla_w = mean_gradient(total, len(gradients))
        of_weights = [row[0] for row in nabla_w[0]]
        assert of_weights == nabla_b[0].to_list(), "(19): the same mean for weights as for biases"
        return nabla_b[0]

    check("mini-batch-mean", mean)


@pytest.mark.ch1
def test_the_mean_of_gradients_keeps_layers_rows_and_columns_apart() -> None:
    """(18), (19): 1/m Σ_j ∇C_Xj, in layers of 3 after 2 and 1 after 3; half of 4 times: twice."""
    four_times, twice = (
        Gradient(
            [c * Vector([1, 2, 3]), c * Vector([4])],
            [c * Matrix([[1, 2], [3, 4], [5, 6]]), c * Matrix([[7, 8, 9]])],
        )
        for c in (4.0, 2.0)
    )
    assert mean_gradient(four_times, 2) == twice


@pytest.mark.ch1
def test_the_mean_and_the_step_take_the_sums_of_bp3_and_bp4() -> None:
    """One neuron, m = 2: δ = 1/2 after a = (1, 2), then δ = -1 after a = (3, 0); η = 2."""
    nabla_b, nabla_w = Vector.zeros(1), Matrix.zeros(1, 2)
    for a, delta in [(Vector([1, 2]), Vector([0.5])), (Vector([3, 0]), Vector([-1]))]:
        bias_gradient(delta, nabla_b)
        weight_gradient(a, delta, nabla_w)
    mean = mean_gradient(Gradient([nabla_b], [nabla_w]), 2)
    assert mean.biases == [Vector([-0.25])], "(19): (1/2 - 1)/2"
    assert mean.weights == [Matrix([[-1.25, 0.5]])], "(19): (1·1/2 - 3·1)/2 and (2·1/2)/2"
    w, b = Matrix([[1, 2]]), Vector([0])
    assert updated_weights(w, nabla_w, 2.0, 2) == Matrix([[3.5, 1]]), "(20): 1 + 2.5, 2 - 1"
    assert updated_biases(b, nabla_b, 2.0, 2) == Vector([0.5]), "(21): 0 + 0.5"
    assert (nabla_b, nabla_w) == (Vector([-0.5]), Matrix([[-2.5, 1]])), "(19)-(21) only read them"


@pytest.mark.ch1
def test_update_weights() -> None:
    """(20): w' = w - η/m Σ ∂C/∂w."""
    check("update-weights", updated_weights)


@pytest.mark.ch1
def test_update_biases() -> None:
    """(21): b' = b - η/m Σ ∂C/∂b."""
    check("update-biases", updated_biases)


@pytest.mark.ch1
@given(st.integers(1, 30), st.integers(1, 35), st.integers(1, 3), st.integers(0, 99))
def test_an_epoch_uses_every_example_exactly_once(
    n: int, size: int, epochs: int, seed: int
) -> None:
    """Chapter 1: mini-batches until the training inputs are exhausted; the last may be smaller."""
    network = spy()
    list(network.train(numbered(n), epochs, size, 1.0, seed=seed))
    per_epoch = math.ceil(n / size)
    assert len(network.batches) == epochs * per_epoch
    for epoch in range(epochs):
        batches = network.batches[epoch * per_epoch : (epoch + 1) * per_epoch]
        seen = [int(x[0]) for batch in batches for x, _ in batch]
        assert sorted(seen) == list(range(n)), f"epoch {epoch} used {sorted(seen)}"
        assert [len(batch) for batch in batches[:-1]] == [size] * (per_epoch - 1)


@pytest.mark.ch1
def test_the_shuffle_mixes_the_examples_of_different_batches() -> None:
    """Shuffling only the starts of mini-batches would keep neighbours together for ever."""
    network = spy()
    list(network.train(numbered(100), 2, 10, 1.0, seed=0))
    neighbours = [[int(x[0]) for x, _ in batch] for batch in network.batches]
    unbroken = [batch for batch in neighbours if batch == list(range(batch[0], batch[0] + 10))]
    assert not unbroken, f"the shuffle left these batches in the data's order: {unbroken}"
    assert sorted(neighbours[0]) != sorted(neighbours[10]), "each epoch is shuffled anew"


@pytest.mark.ch1
def test_the_order_is_one_list_shuffled_again_every_epoch() -> None:
    """As in the book's program, the second epoch shuffles the first one's order."""
    network = spy()
    list(network.train(numbered(20), 3, 20, 1.0, rng=Random(9)))
    order, rng = list(range(20)), Random(9)
    for batch in network.batches:
        rng.shuffle(order)
        assert [int(x[0]) for x, _ in batch] == order


@pytest.mark.ch1
def test_the_callers_data_is_untouched() -> None:
    """The training data is neither reordered nor changed, nor is a generator's global state."""
    data = [(x.copy(), y.copy()) for x, y in XOR]
    kept = list(data)
    list(Network([2, 2, 1], seed=0).train(data, 3, 2, 3.0, seed=0))
    assert all(now is before for now, before in zip(data, kept)), "the list was reordered"
    assert data == XOR, "an example was changed"


@pytest.mark.ch1
@pytest.mark.parametrize("size", [1, 3, 4])
def test_one_step_is_equations_20_and_21(size: int) -> None:
    """w' = w - η/m Σ ∂C/∂w and b' = b - η/m Σ ∂C/∂b, with m the examples in this mini-batch."""
    network = Network([2, 2, 1], seed=3)
    before, batch, eta = network.copy(), XOR[:size], 0.5
    network.update_mini_batch(batch, eta)
    for i in range(2):
        for j in range(len(before.biases[i])):
            total = math.fsum(before.backprop(x, y).biases[i][j] for x, y in batch)
            expected = before.biases[i][j] - eta / size * total
            name = f"b^{i + 2}_{j + 1}"
            close(network.biases[i][j], expected, f"(21): {name}' = {name} - η/m Σ ∂C/∂b", 1e-12)
            for k in range(2):
                total = math.fsum(before.backprop(x, y).weights[i][j][k] for x, y in batch)
                expected = before.weights[i][j][k] - eta / size * total
                name = f"w^{i + 2}_{j + 1}{k + 1}"
                found = network.weights[i][j][k]
                close(found, expected, f"(20): {name}' = {name} - η/m Σ ∂C/∂w", 1e-12)


@pytest.mark.ch1
def test_the_last_smaller_mini_batch_is_divided_by_its_own_size() -> None:
    """Three examples in mini-batches of 2: the lone one takes a whole step, (20) with m = 1."""
    trained, by_hand = Network([2, 2, 1], seed=3), Network([2, 2, 1], seed=3)
    list(trained.train(XOR[:3], 1, 2, 0.5, seed=1))
    order = list(range(3))
    Random(1).shuffle(order)
    by_hand.update_mini_batch([XOR[i] for i in order[:2]], 0.5)
    by_hand.update_mini_batch([XOR[order[2]]], 0.5)
    assert trained == by_hand, "(20): the last mini-batch has m = 1"


@pytest.mark.ch1
@given(st.integers(0, 10**6))
def test_a_small_enough_step_lowers_the_cost_by_eta_times_the_gradient_squared(seed: int) -> None:
    """(9) and (10) for a network: ΔC ≈ -η ‖∇C‖², on the whole training set."""
    network, eta = Network([2, 2, 1], seed=seed), 1e-3
    nabla_b, nabla_w = network.backprop_mini_batch(XOR)
    squared = sum(b.norm() ** 2 for b in nabla_b) + sum(w.norm() ** 2 for w in nabla_w)
    before = network.total_cost(XOR)
    network.update_mini_batch(XOR, eta)
    change = network.total_cost(XOR) - before
    # what first order leaves out is of the order of (η ‖∇C‖)²
    allowed = 20 * eta**2 * squared + 1e-13
    assert abs(change + eta * squared) <= allowed, f"ΔC = {change}, -η ‖∇C‖² = {-eta * squared}"


@pytest.mark.ch1
def test_batch_descent_never_raises_the_cost_while_eta_is_small() -> None:
    """Mini-batch size n is gradient descent itself: C falls at every epoch."""
    reports = Network([2, 3, 1], seed=0).train(XOR, 200, 4, 0.5, test_data=XOR, seed=0)
    costs = [report.cost or math.inf for report in reports]
    rises = [(e, c) for e, (b, c) in enumerate(zip(costs, costs[1:])) if c > b]
    assert not rises, f"the cost rose after these epochs: {rises[:3]}"
    assert costs[-1] < costs[0]


@pytest.mark.ch1
def test_a_network_learns_xor() -> None:
    """No single layer can; two hidden neurons do."""
    network = Network([2, 2, 1], seed=4)
    *_, last = network.train(XOR, 1000, 4, 9.0, test_data=XOR, seed=0)
    outputs = [round(network.feedforward(x)[0], 2) for x, _ in XOR]
    assert last.correct == 4, f"outputs for 00, 01, 10, 11: {outputs}"
    assert (last.cost or 1) < 0.01


@pytest.mark.ch1
def test_a_seeded_run_is_repeatable_to_the_last_bit() -> None:
    """Same seeds, same weights: not nearly, exactly. Another seed, others."""
    runs = []
    for seed in (7, 7, 8):
        network = Network([2, 3, 1], seed=0)
        list(network.train(XOR, 5, 2, 3.0, seed=seed))
        runs.append(network)
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


@pytest.mark.ch1
def test_test_data_and_progress_do_not_disturb_the_run() -> None:
    """Measuring a run does not change it."""
    quiet, watched = Network([2, 3, 1], seed=0), Network([2, 3, 1], seed=0)
    list(quiet.train(XOR, 3, 2, 3.0, seed=0))
    reported: list[Progress] = []
    list(watched.train(XOR, 3, 2, 3.0, seed=0, test_data=XOR, on_mini_batch=reported.append))
    assert quiet == watched
    assert reported == [Progress(epoch, done, 4) for epoch in range(3) for done in (2, 4)]


def test_a_report_carries_the_epoch_in_numbers() -> None:
    """Number, correct, total, cost, seconds, examples a second; the book's line as its text."""
    network = Network([2, 2, 1], seed=0)
    first, second = network.train(XOR, 2, 2, 3.0, test_data=XOR, seed=0)
    assert (first.number, second.number) == (0, 1)
    assert (second.correct, second.total) == (network.evaluate(XOR), 4)
    assert second.cost == network.total_cost(XOR)
    assert second.seconds > 0
    assert second.examples_per_second == pytest.approx(4 / second.seconds)
    assert str(first) == f"Epoch 0: {first.correct} / 4"
    (untested,) = network.train(XOR, 1, 2, 3.0, seed=0)
    assert str(untested) == "Epoch 0 complete"
    assert untested.cost is None


def test_sgd_is_the_books_call_and_prints_the_books_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """net.SGD(training_data, 30, 10, 3.0, test_data=test_data)."""
    network, twin = Network([2, 2, 1], seed=0), Network([2, 2, 1], seed=0)
    network.SGD(XOR, 2, 2, 3.0, test_data=XOR, seed=0)
    reports = list(twin.train(XOR, 2, 2, 3.0, test_data=XOR, seed=0))
    assert capsys.readouterr().out == "".join(f"{report}\n" for report in reports)
    assert network == twin
    network.SGD(XOR, 1, 2, 3.0)
    assert capsys.readouterr().out == "Epoch 0 complete\n"


def test_training_is_a_stream_and_stops_where_it_is_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing runs before the first report is asked for, and nothing is ever printed."""
    network = Network([2, 2, 1], seed=0)
    reports = network.train(XOR, 1_000_000_000, 2, 3.0, seed=0)
    assert network == Network([2, 2, 1], seed=0)
    next(reports)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"epochs": 0}, "epochs: expected a whole number of at least 1, got 0"),
        ({"epochs": 2.0}, "epochs"),
        ({"mini_batch_size": 0}, "mini_batch_size"),
        ({"mini_batch_size": True}, "mini_batch_size"),
        ({"eta": 0.0}, "eta: expected a finite number above 0, got 0.0"),
        ({"eta": -3}, "eta"),
        ({"eta": math.nan}, "eta"),
        ({"eta": math.inf}, "eta"),
        ({"eta": "3"}, "eta: .*'3'"),
        ({"training_data": []}, "training_data: expected at least one example"),
        ({"test_data": []}, "test_data: expected at least one example"),
        ({"training_data": iter(XOR)}, "training_data: expected a list"),
        ({"training_data": [*XOR, (Vector([1]), Vector([1]))]}, "example 4, x: .*Vector of 1"),
        ({"training_data": [(Vector([1, 0]), 1)]}, "example 0, y: expected a Vector of 1, got 1"),
        ({"training_data": [Vector([1, 0])]}, "example 0: expected a pair"),
        ({"seed": 1, "rng": Random(1)}, "got both"),
        ({"seed": 1.5}, "seed"),
    ],
)
def test_a_bad_setting_is_rejected_before_anything_is_learnt(
    change: dict[str, Any], words: str
) -> None:
    """At the call itself, not at the first report, and the network is as it was."""
    network = Network([2, 2, 1], seed=0)
    settings: dict[str, Any] = {
        "training_data": XOR,
        "epochs": 1,
        "mini_batch_size": 2,
        "eta": 1.0,
        **change,
    }
    with pytest.raises(TinyNNError, match=words) as raised:
        network.train(**settings)
    assert isinstance(raised.value, (ArgumentError, DataError, ShapeError))
    assert network == Network([2, 2, 1], seed=0)


def test_a_learning_rate_far_too_large_raises_an_error() -> None:
    """Weights that leave the range of floats raise DivergenceError with the epoch and η."""
    network = Network([2, 2, 1], seed=0, activation="linear")
    with pytest.raises(DivergenceError, match=r"epoch \d+: .*eta = 1000.0 is too large"):
        list(network.train(XOR, 500, 1, 1000.0, seed=0))


def test_an_interrupt_leaves_a_network_that_works() -> None:
    """Ctrl-C in the middle of an epoch keeps what was learnt until then."""

    def interrupt(progress: Progress) -> None:
        if progress.epoch == 1:
            raise KeyboardInterrupt

    network = Network([2, 2, 1], seed=0)
    with pytest.raises(KeyboardInterrupt):
        list(network.train(XOR, 5, 2, 3.0, seed=0, on_mini_batch=interrupt))
    assert network.is_finite()
    assert network != Network([2, 2, 1], seed=0)


def test_mini_batches_of_nothing_left_over() -> None:
    """Every index once, in order, cut where the size says."""
    assert mini_batches([4, 2, 0, 1], 2) == [[4, 2], [0, 1]]
    assert mini_batches([4, 2, 0], 5) == [[4, 2, 0]]


@pytest.mark.ch1
@pytest.mark.slow
def test_the_demo_reads_handwriting_of_people_it_never_saw() -> None:
    """[64, 30, 10], mini-batch 10, η = 3.0: 85 % after four epochs (88 % and more after twenty)."""
    digits = load_digits()
    network = Network([64, 30, 10], seed=0)
    *_, last = network.train(digits.training, 4, 10, 3.0, test_data=digits.test, seed=0)
    assert (last.correct or 0) >= 425, f"{last.correct} of 500"


def test_a_nonfinite_cost_raises_an_error() -> None:
    """A cost of inf or nan never reaches a report, even where the weights are still finite."""
    network = Network.from_parameters([[0.0]], [[[1e200]]], "linear")
    far = [(Vector([1e200]), Vector([0]))]
    near = [(Vector([0]), Vector([0]))]
    with pytest.raises(DivergenceError, match="the cost left the range"):
        list(network.train(near, 1, 1, 1.0, test_data=far))


def test_the_score_is_of_the_test_data_not_of_the_training_data() -> None:
    """Two sets that share no answer cannot be confused."""
    network = Network.from_parameters([[0.0]], [[[1e-9]]])
    training = [(Vector([0]), Vector([1]))]
    test = [(Vector([0]), Vector([0])), (Vector([0]), Vector([0]))]
    (report,) = network.train(training, 1, 1, 1e-9, test_data=test)
    assert (report.correct, report.total) == (0, 2)


def test_the_time_of_a_watcher_is_not_counted_as_training() -> None:
    """A slow screen does not make a slow network."""
    network = Network([2, 2, 1], seed=0)
    (report,) = network.train(XOR, 1, 1, 1.0, on_mini_batch=lambda progress: time.sleep(0.25))
    assert report.seconds < 4 * 0.25, "the four calls of the hook alone took a second"


def test_a_whole_data_set_in_place_of_a_part_is_rejected() -> None:
    """The most likely mistake: net.train(digits, …)."""
    with pytest.raises(DataError, match="training_data: expected one part of the data"):
        Network([64, 10], seed=0).train(load_digits(), 1, 1, 1.0)  # type: ignore[arg-type]
    lists = [([0, 1], [1])]
    with pytest.raises(ShapeError, match=r"a list of 2: write Vector"):
        Network([2, 1], seed=0).train(lists, 1, 1, 1.0)  # type: ignore[arg-type]
