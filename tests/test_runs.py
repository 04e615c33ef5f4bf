"""Runs: iterated, finished, saved between two reports, and resumed to the same bits."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.scale import Scale
from tinynn import (
    ArgumentError,
    DataError,
    DataSet,
    Dense,
    DivergenceError,
    Network,
    Vector,
    load_digits,
)
from tinynn.fast import Network as FastNetwork
from tinynn.training import EpochReport, Run, best_epoch

XOR = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
ENGINES: list[Any] = [Network, FastNetwork]
both = pytest.mark.parametrize("engine", ENGINES, ids=["pure", "fast"])


def same_bits(ours: Any, theirs: Any) -> bool:
    """Return whether two networks have the same numbers, to the last bit."""
    pairs = zip([*ours.weights, *ours.biases], [*theirs.weights, *theirs.biases])
    return all(np.asarray(p).tobytes() == np.asarray(q).tobytes() for p, q in pairs)


@both
def test_a_run_gives_a_report_for_every_epoch(engine: Any) -> None:
    """Iterated as before, or to its end with finish()."""
    one, other = engine([2, 2, 1], seed=0), engine([2, 2, 1], seed=0)
    reports = list(one.train(XOR, 5, 2, 3.0, test_data=XOR, seed=0))
    run = other.train(XOR, 5, 2, 3.0, test_data=XOR, seed=0)
    assert isinstance(run, Run)
    assert [r[:4] for r in run.finish()] == [r[:4] for r in reports]
    assert [r.number for r in run.reports] == [0, 1, 2, 3, 4]
    assert same_bits(one, other)
    assert run.finish() == run.reports, "nothing is left to learn"
    assert next(run, None) is None


def test_its_repr_shows_the_epochs_done() -> None:
    """And, before the first epoch, how to start it."""
    run = Network([2, 2, 1], seed=0).train(XOR, 2, 2, 3.0, seed=0)
    assert "0 done" in repr(run)
    assert "iterate it" in repr(run)
    assert "finish()" in repr(run)
    next(run)
    assert repr(run) == "<Run of 2 epochs: 1 done>"


def drop(network: Any) -> None:
    """Make a run, and let it go."""
    network.train(XOR, 2, 2, 3.0)
    gc.collect()


def test_a_run_deleted_before_it_starts_warns_and_names_finish() -> None:
    """`net.train(…)` alone learns nothing; an iterated run says nothing."""
    network = Network([2, 2, 1], seed=0)
    with pytest.warns(RuntimeWarning, match=r"finish\(\)"):
        drop(network)
    next(network.train(XOR, 2, 2, 3.0))
    for wrong in ((0, 2, 3.0), (2, 0, 3.0), (2, 2, -1.0)):
        with pytest.raises(ArgumentError):
            network.train(XOR, *wrong)  # what was refused was never a run
    gc.collect()


# Two runs that are one.


@both
def test_two_epochs_and_two_more_are_four_to_the_bit(engine: Any) -> None:
    """With one generator and one order; without the order they are not."""
    whole, halves, apart = (engine([64, 3, 10], seed=0) for _ in range(3))
    digits = load_digits().training[:20]
    whole.train(digits, 4, 5, 3.0, seed=7).finish()
    rng, order = random.Random(7), list(range(20))
    for _ in range(2):
        halves.train(digits, 2, 5, 3.0, rng=rng, order=order).finish()
    assert same_bits(whole, halves)
    assert sorted(order) == list(range(20)) != order
    rng = random.Random(7)
    for _ in range(2):
        apart.train(digits, 2, 5, 3.0, rng=rng).finish()
    assert not same_bits(whole, apart)


@both
def test_the_order_is_the_callers_and_says_which_examples(engine: Any) -> None:
    """Shuffled in place; an example that is not in it is not learnt."""
    order = [0, 3]
    network, other = engine([2, 3, 1], seed=0), engine([2, 3, 1], seed=0)
    network.train(XOR, 3, 1, 3.0, seed=1, order=order).finish()
    other.train([XOR[0], XOR[3]], 3, 1, 3.0, seed=1).finish()
    assert same_bits(network, other)
    for wrong, words in [
        ((0, 1), "order: expected a list of indices, got a tuple of 2"),
        ([], "order: expected a list of indices"),
        ([0, 4], r"order\[1\]: expected 0 to 3, got 4"),
        ([0, -1], r"order\[1\]: expected a whole number"),
        ([0, 1.5], r"order\[1\]: expected a whole number"),
    ]:
        with pytest.raises(ArgumentError, match=words):
            network.train(XOR, 1, 1, 1.0, order=wrong)


# Saved and resumed.


@both
@settings(max_examples=20)
@given(st.data(), st.integers(1, 5), st.integers(0, 10**6))
def test_a_resumed_run_ends_in_the_same_bits(
    engine: Any, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, m: int, seed: int
) -> None:
    """For every mixture of layers, wherever it was saved."""
    layers = data.draw(
        st.lists(st.sampled_from([Dense(3, "tanh"), Dense(2), Scale()]), min_size=1, max_size=3)
    )
    more = (
        {"dtype": data.draw(st.sampled_from(["float64", "float32"]))} if engine != Network else {}
    )
    epochs = data.draw(st.integers(0, 3))
    net, other = (engine([2, *layers, Dense(1)], seed=seed, **more) for _ in range(2))
    path = tmp_path_factory.mktemp("run") / "run.json"
    whole = net.train(XOR, 4, m, 0.5, test_data=XOR, seed=seed)
    run = other.train(XOR, 4, m, 0.5, test_data=XOR, seed=seed)
    for _ in range(epochs):
        next(run)
    run.save(path)
    run.finish()
    again = engine.resume(path, XOR, test_data=XOR)
    whole.finish()
    again.finish()
    assert same_bits(again.network, net)
    assert [r[:4] for r in again.reports] == [r[:4] for r in whole.reports]
    assert again.network.layers == net.layers


@both
def test_resuming_with_more_epochs_equals_the_longer_run(engine: Any, tmp_path: Path) -> None:
    """4 epochs, saved, and resumed to 6, are 6."""
    net, other = engine([2, 3, 1], seed=0), engine([2, 3, 1], seed=0)
    net.train(XOR, 6, 2, 3.0, seed=0).finish()
    run = other.train(XOR, 4, 2, 3.0, seed=0)
    run.finish()
    run.save(tmp_path / "run.json")
    assert list(engine.resume(tmp_path / "run.json", XOR)) == []
    longer = engine.resume(tmp_path / "run.json", XOR, epochs=6)
    assert [report.number for report in longer] == [4, 5]
    assert same_bits(longer.network, net)


class StopError(Exception):
    """Whatever ends an epoch in its middle."""


@both
def test_an_interrupted_epoch_is_not_saved_and_starts_again(engine: Any, tmp_path: Path) -> None:
    """save() writes the run as it was after the last report; next() goes back there."""
    digits = load_digits().training[:900]
    net, other = engine([64, 4, 10], seed=0), engine([64, 4, 10], seed=0)
    net.train(digits, 3, 10, 3.0, seed=0).finish()

    def stop(progress: Any) -> None:
        if progress.epoch == 1 and progress.examples > 400:
            raise StopError

    run = other.train(digits, 3, 10, 3.0, seed=0, on_mini_batch=stop)
    next(run)
    after_one = engine.from_parameters(other.biases, other.weights)
    with pytest.raises(StopError):
        next(run)
    assert not same_bits(other, after_one), "half an epoch is learnt"
    run.save(tmp_path / "run.json")
    assert same_bits(engine.load(tmp_path / "run.json"), after_one)
    run.rewind()
    assert same_bits(other, after_one)
    run.on_mini_batch = None
    run.finish()
    resumed = engine.resume(tmp_path / "run.json", digits)
    resumed.finish()
    assert same_bits(other, net)
    assert same_bits(resumed.network, net)


def test_a_run_that_diverged_is_kept_as_it_was_before() -> None:
    """DivergenceError in place of a report; the reports and rewind() are of the epoch before."""
    network = Network([2, 2, 1], seed=0, activation="linear")
    run = network.train(XOR, 2000, 1, 30.0, seed=0)
    with pytest.raises(DivergenceError, match="eta = 30.0 is too large"):
        run.finish()
    run.rewind()
    assert network.is_finite()


@both
def test_the_data_is_recognised_whichever_way_it_comes(engine: Any, tmp_path: Path) -> None:
    """As lists, as a data set, as arrays: it is the numbers that count."""
    digits = load_digits()
    net = engine([64, 3, 10], seed=0)
    run = net.train(digits.training[:50], 2, 10, 3.0, test_data=digits.test[:20], seed=0)
    next(run)
    run.save(tmp_path / "run.json", data="some digits")
    run.finish()
    X = np.array([x.to_list() for x, _ in digits.training[:50]])
    labels = list(digits.training[:50].labels)
    sources: list[tuple[Any, Any]] = [
        (digits.training[:50], digits.test[:20]),
        (list(digits.training[:50]), list(digits.test[:20])),
        (DataSet(digits.training[:50], digits.validation, digits.test[:20]), None),
        (DataSet.from_arrays(X, labels).training, digits.test[:20]),
    ]
    for training, test in sources:
        again = engine.resume(tmp_path / "run.json", training, test_data=test)
        again.finish()
        assert same_bits(again.network, net)


@both
def test_data_that_is_not_the_runs_is_rejected_by_name(engine: Any, tmp_path: Path) -> None:
    """Another number of examples, other numbers, or none."""
    path = tmp_path / "run.json"
    run = engine([2, 2, 1], seed=0).train(XOR, 2, 2, 3.0, test_data=XOR[:2], seed=0)
    next(run)
    run.save(path)
    for data, test, words in [
        (XOR[:3], XOR[:2], "training data: expected the 4 examples of the run, got 3 examples"),
        (XOR[::-1], XOR[:2], "training data: .* got 4 examples with other numbers"),
        (XOR, None, "test data: expected the 2 examples of the run, got 4 examples"),
        (XOR, XOR[2:], "test data: expected the 2 .* with other numbers"),
        (3, XOR[:2], "training data: expected the 4 examples of the run, got 3"),
        (None, None, "training data: expected the 4 examples of the run, got none"),
    ]:
        with pytest.raises(DataError, match=words) as raised:
            engine.resume(path, data, test_data=test)
        assert str(path) in str(raised.value)


# Generators of other kinds.


class Dice:
    """A generator of one's own, with a state that a file can keep."""

    def __init__(self, state: Any = (1, "dice", None)) -> None:
        self.state = state

    def random(self) -> float:
        """Return the next number."""
        self.state = (self.state[0] * 16807 % 2147483647, *self.state[1:])
        return float(self.state[0] / 2147483647)

    def gauss(self, mu: float, sigma: float) -> float:
        """Return no normal number at all."""
        return mu + sigma * (self.random() - 0.5)

    def shuffle(self, x: list[Any]) -> None:
        """Put a list in another order."""
        x.sort(key=lambda _: self.random())

    def getstate(self) -> Any:
        """Return the state."""
        return self.state

    def setstate(self, state: Any) -> None:
        """Take a state."""
        self.state = state


def test_a_custom_generator_is_passed_again(tmp_path: Path) -> None:
    """It is put into the state that the file holds: tuples, numbers, texts, None."""
    net, other = Network([2, 3, 1], seed=0), Network([2, 3, 1], seed=0)
    net.train(XOR, 4, 2, 3.0, rng=Dice()).finish()
    run = other.train(XOR, 4, 2, 3.0, rng=Dice())
    next(run)
    run.save(tmp_path / "run.json")
    again = Network.resume(tmp_path / "run.json", XOR, rng=Dice())
    again.finish()
    assert same_bits(again.network, net)
    with pytest.raises(ArgumentError, match=r"draws from 'tests.test_runs.Dice' .*: pass one as"):
        Network.resume(tmp_path / "run.json", XOR)
    with pytest.raises(
        ArgumentError, match="expected 'tests.test_runs.Dice' .*, got random.Random"
    ):
        Network.resume(tmp_path / "run.json", XOR, rng=random.Random(0))


@pytest.mark.parametrize(
    ("rng", "words"),
    [
        (random.SystemRandom(), "rng: expected a generator with getstate"),
        (Dice((1, {"a": 1})), "state of a tests.test_runs.Dice contains a dict, which cannot"),
        (Dice((1, True)), "contains True"),
    ],
)
def test_a_generator_whose_state_cannot_be_written_is_rejected_at_save(
    tmp_path: Path, rng: Any, words: str
) -> None:
    """With a sentence, and no file; the run itself goes on."""
    run = Network([2, 2, 1], seed=0).train(XOR, 2, 2, 3.0, rng=rng)
    next(run)
    with pytest.raises(ArgumentError, match=words):
        run.save(tmp_path / "run.json")
    assert list(tmp_path.iterdir()) == []
    assert len(run.finish()) == 2


# Files that are not what they should be.


def test_resuming_a_network_without_a_run_is_rejected(tmp_path: Path) -> None:
    """load() reads it; there is nothing to go on with."""
    Network([2, 1], seed=0).save(tmp_path / "net.json")
    with pytest.raises(DataError, match=r"contains a network but no run.* load\(\)"):
        Network.resume(tmp_path / "net.json", XOR)


def test_a_run_continues_in_the_engine_that_started_it(tmp_path: Path) -> None:
    """The other one would end in other bits; what else differs is a warning."""
    run = FastNetwork([2, 1], seed=0).train(XOR, 2, 2, 1.0, seed=0)
    next(run)
    run.save(tmp_path / "run.json")
    with pytest.raises(DataError, match="trained by 'tinynn.fast.Network'"):
        Network.resume(tmp_path / "run.json", XOR)
    parts = json.loads((tmp_path / "run.json").read_text())
    parts["run"]["NumPy"] = "0.9"
    (tmp_path / "run.json").write_text(json.dumps(parts))
    with pytest.warns(UserWarning, match="NumPy: .* now, '0.9' .* last bits may differ"):
        FastNetwork.resume(tmp_path / "run.json", XOR).finish()


def put(value: object, *keys: Any) -> Callable[[dict[str, Any]], None]:
    """Return the damage of another value at a place; None takes it away."""

    def damage(parts: Any) -> None:
        for key in keys[:-1]:
            parts = parts[key]
        parts[keys[-1]] = value

    return damage


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (put([], "run"), "run: expected an object with names"),
        (put({}, "run"), "'settings' is missing"),
        (put(0, "run", "settings", "epochs"), "epochs: expected a whole number of at least 1"),
        (put("3", "run", "settings", "eta"), "settings: eta: got '3'"),
        (put(-1.0, "run", "settings", "eta"), "eta: expected a finite number above 0"),
        (put([0, 1, 2, 4], "run", "order"), "order: expected numbers from 0 to 3, got 4"),
        (put([0, True], "run", "order"), "order: expected numbers from 0 to 3, got True"),
        (put([], "run", "order"), "order: expected at least one example"),
        (put("0123", "run", "order"), "order: got '0123'"),
        (put([3, [1, 2], None], "run", "generator", "state"), "generator: its state does not fit"),
        (put({}, "run", "generator", "state"), "state: got a dict"),
        (put(3, "run", "generator", "kind"), "kind: got 3"),
        (put("os.system", "run", "generator", "kind"), "draws from 'os.system' .*: pass one as"),
        (put([[0, 1]], "run", "reports"), "reports: epoch 0: got a list of 2"),
        (put([[7, 1, 4, 0.5, 0.1, 9.0]], "run", "reports"), "reports: epoch 0"),
        (put([[0, 1, 4, "x", 0.1, 9.0]], "run", "reports"), "reports: epoch 0"),
        (put(0, "run", "training data", "examples"), "examples: expected a whole number"),
        (put([], "run", "training data"), "training data: got a list of 0"),
        (put("x", "run", "test data"), "test data: got 'x'"),
        (put("k" * 10**5, "run", "generator", "kind"), "draws from 'kkkk"),
        (put(["k" * 10**5], "run", "generator", "state"), "its state does not fit"),
        (put({"a": 1}, "run", "about"), "about: expected texts"),
        (put("tinynn.slow", "run", "engine"), "trained by 'tinynn.slow'"),
    ],
)
def test_a_damaged_checkpoint_gets_one_clear_error(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], words: str
) -> None:
    """It is checked like a network file."""
    path = tmp_path / "run.json"
    run = Network([2, 1], seed=0).train(XOR, 3, 2, 1.0, seed=0)
    next(run)
    run.save(path)
    parts = json.loads(path.read_text())
    damage(parts)
    path.write_text(json.dumps(parts))
    with pytest.raises((DataError, ArgumentError), match=words) as raised:
        Network.resume(path, XOR)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


@both
def test_the_books_four_lists_are_in_the_reports(engine: Any) -> None:
    """Cost and accuracy on training and evaluation data; the costs with their penalty, (87)."""
    data = load_digits()
    network = engine([64, 10], seed=0)
    parts = {"test_data": data.test[:50], "validation_data": data.validation[:40]}
    run = network.train(
        data.training[:100], 3, 10, 0.5, lmbda=2.0, **parts, measure_training=True, seed=0
    )
    for report in run:
        sets = {"training": data.training[:100], "validation": data.validation[:40]}
        for name, examples in {**sets, "test": data.test[:50]}.items():
            assert report.scores[name] == network.measure(examples, lmbda=2.0, n=100), name
    assert list(report.scores) == ["training", "validation", "test"]
    assert report.chosen_by == "validation"
    assert best_epoch(run.reports) is max(run.reports, key=lambda each: each.validation.correct)


@both
def test_a_resumed_run_measures_the_same_sets(engine: Any, tmp_path: Path) -> None:
    """To the bit, and the scores of before are kept; the validation data is found in the set."""
    data = load_digits()._replace(training=load_digits().training[:60])
    whole, part = (engine([64, 10], seed=1) for _ in range(2))
    settings = {"validation_data": data.validation, "measure_training": True, "seed": 0}
    reports = whole.train(data.training, 4, 10, 0.5, **settings).finish()
    run = part.train(data.training, 2, 10, 0.5, **settings)
    run.finish()
    run.save(tmp_path / "run.json")
    again = engine.resume(tmp_path / "run.json", data, epochs=4)
    assert [each[6:] for each in again.finish()] == [each[6:] for each in reports]
    assert again.network == whole


def test_without_validation_data_the_best_epoch_is_chosen_on_the_test_data() -> None:
    """Without any scores there is none."""
    counts = enumerate([5, 9, 9, 8])
    reports = [EpochReport(i, right, 10, 0.5, 1.0, 1.0) for i, right in counts]
    best = best_epoch(reports)
    assert best is not None
    assert best.number == 1
    assert best_epoch([EpochReport(0, None, None, None, 1.0, 1.0)]) is None


def test_an_infinite_cost_is_kept_by_a_checkpoint(tmp_path: Path) -> None:
    """JSON has no infinity; ∞ of an output that is sure and wrong is read back."""
    sure = Network.from_parameters([[2000.0]], [[[0.0]]], cost="cross-entropy")
    wrong = [(Vector([1]), Vector([0]))]
    right = [(Vector([1]), Vector([1]))]
    run = sure.train(right, 1, 1, 0.1, validation_data=wrong, test_data=wrong, seed=0)
    (report,) = run.finish()
    assert report.scores["validation"].cost == report.cost == inf
    run.save(tmp_path / "run.json")
    again = Network.resume(tmp_path / "run.json", right, validation_data=wrong, test_data=wrong)
    assert again.reports[0][1:4] == report[1:4]
    assert again.reports[0].scores == report.scores
