"""tinynn diagnose: a cause is named only if undoing it helps, and a healthy run has none."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.helpers.docs import GUIDE
from tinynn import Dense, Network, Vector, diagnose, load_digits
from tinynn.cli import main
from tinynn.errors import ArgumentError, DataError, DivergenceError
from tinynn.experiments import labels, trials
from tinynn.experiments.causes import CAUSES, COPIES
from tinynn.experiments.diagnosis import Finding, examined
from tinynn.experiments.labels import Neighbours, clusters
from tinynn.experiments.trials import case_of, fresh, learnt, spreads
from tinynn.training import Run

fast = pytest.importorskip("tinynn.fast")
DIGITS = load_digits()
WHOLE = trials.FAST
Examples = list[tuple[Vector, Vector]]


class Sorted(Random):
    """A generator that shuffles nothing."""

    def shuffle(self, x: Any) -> None:
        """Leave the order as it is."""


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials of a fifth of their length, which are enough for most causes."""
    if "slow" not in request.keywords:
        monkeypatch.setattr(trials, "FAST", (6_000, 2e9))
        monkeypatch.setattr(labels, "NEAR", 200)


def run_on(training: Any, test: Any, eta: float = 3.0, seed: int = 0, **given: Any) -> Run:
    """A run of 64-30-10 on the fast path."""
    network = fast.Network([64, 30, 10], seed=seed)
    given = given if "rng" in given else {"seed": seed, **given}
    return network.train(training, 30, 10, eta, test_data=test, **given)  # type: ignore[no-any-return]


def first(run: Run) -> Finding:
    """The likeliest cause, whose trial bears it out."""
    found = diagnose(run)
    assert found, "nothing found"
    trial = found[0].trial
    assert trial.with_it > trial.without or found[0].name == COPIES.name
    return found[0]


def changed(examples: Any, change: Any) -> Examples:
    """Examples of which each has been changed."""
    return [change(x, y) for x, y in examples]


@pytest.mark.ch1
def test_pixels_up_to_255_are_named_and_scaling_them_helps() -> None:
    """The inputs are k/16 in the digits that ship: times 255, each z is 255 times as large."""
    training, test = (changed(part, lambda x, y: (255 * x, y)) for part in DIGITS[::2])
    ill = first(run_on(training, test))
    assert (ill.name, ill.number, ill.chapter) == ("inputs", 255.0, 1)
    assert "255" in ill.advice
    assert ill.trial.with_it - ill.trial.without > 0.3


@pytest.mark.ch3
@pytest.mark.parametrize(("eta", "name"), [(100.0, "too high"), (1e-6, "too low")])
@pytest.mark.slow
def test_a_learning_rate_is_named_on_which_side_it_is_wrong(eta: float, name: str) -> None:
    """A step of η = 100 is as long as the weights; one of 10⁻⁶ is nothing."""
    ill = first(run_on(DIGITS.training, DIGITS.test, eta))
    assert ill.name == f"learning rate {name}"
    assert (ill.number > 0.1) == (eta > 3.0)
    assert "--eta" in ill.command


@pytest.mark.ch3
def test_labels_off_by_one_are_named() -> None:
    """The training digits say 5 for 4; the test digits do not."""

    def off(x: Vector, y: Vector) -> tuple[Vector, Vector]:
        return x, Vector.one_hot((y.argmax() + 1) % 10, 10)

    assert first(run_on(changed(DIGITS.training, off), DIGITS.test)).name == "labels"


@pytest.mark.ch1
def test_data_in_the_order_of_its_classes_is_named_if_nothing_shuffles_it() -> None:
    """The generator of the run leaves the list as it is: the last class is learnt last."""
    in_order = sorted(DIGITS.training, key=lambda each: each[1].argmax())
    assert first(run_on(in_order, DIGITS.test, rng=Sorted(0))).name == "order"


@pytest.mark.ch1
def test_a_large_constant_feature_is_named() -> None:
    """The 65th input is 1000 in all examples: z is full of it."""
    parts = (
        changed(part, lambda x, y: (Vector([*x, 1000.0]), y))
        for part in (DIGITS.training, DIGITS.test)
    )
    training, test = parts
    run = fast.Network([65, 30, 10], seed=0).train(training, 5, 10, 3.0, test_data=test, seed=0)
    ill = first(run)
    assert (ill.name, ill.number) == ("constant feature", 1000.0)


def test_test_digits_that_were_learnt_are_named_though_the_score_is_good() -> None:
    """Half of the test digits are training digits too: they are answered better than new ones."""
    run = run_on([*DIGITS.training, *DIGITS.test[:250]], DIGITS.test)
    run.finish()
    ill = first(run)
    assert ill.name == "duplicated test data"
    assert abs(ill.number - 0.5) < 0.01
    assert ill.trial.with_it < ill.trial.without


@pytest.mark.ch3
def test_relu_neurons_with_biases_far_below_0_are_dead() -> None:
    """Their slope is 0 for all examples; new first weights and biases of the same kind learn."""
    layers = [64, Dense(30, "relu"), Dense(10, "softmax")]
    start = fast.Network(layers, cost="log-likelihood", seed=0)
    start.biases[0][:] = -20.0
    ill = first(start.train(DIGITS.training, 5, 10, 0.1, test_data=DIGITS.test, seed=0))
    assert (ill.name, ill.number) == ("dead", 1.0)


@pytest.mark.ch3
@pytest.mark.parametrize("seed", [0, 10, pytest.param(13, marks=pytest.mark.whole)])
def test_one_seed_in_eight_has_an_output_that_never_wins(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of seeds 0 to 15 those are 10 and 13, with N(0, 1) and η = 3; 0 is one of the others."""
    monkeypatch.setattr(trials, "FAST", WHOLE)
    found = diagnose(run_on(DIGITS.training, DIGITS.test, seed=seed))
    if seed == 0:
        assert not found
    else:
        assert found[0].name == "saturated"
        assert "output" in found[0].sentence


def test_a_run_that_diverged_is_diagnosed() -> None:
    """Its weights are no numbers any more: the trial begins with new ones."""
    network = Network([64, Dense(10, "linear")], seed=0)
    run = network.train(DIGITS.training, 3, 10, 1e6, test_data=DIGITS.test, seed=0)
    with pytest.raises(DivergenceError):
        run.finish()
    assert first(run).name == "learning rate too high"


@pytest.mark.parametrize("engine", [Network, fast.Network])
def test_a_diagnosis_changes_nothing(engine: Any) -> None:
    """Network, order, settings and generator are as they were, and the run goes on to the same."""
    runs = [
        engine([64, 5, 10], seed=0).train(DIGITS.training[:60], 2, 10, 1e-6, seed=3)
        for _ in range(2)
    ]
    for run in runs:
        next(run)
    before = copy.deepcopy((runs[0].rng.getstate(), runs[0].order, runs[0].settings, runs[0].eta))
    diagnose(runs[0])
    assert before == (runs[0].rng.getstate(), runs[0].order, runs[0].settings, runs[0].eta)
    assert len(runs[0].reports) == 1
    for run in runs:
        next(run)
    assert runs[0].network == runs[1].network


def test_without_numpy_the_loops_try_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trials are shorter, and say the same of an η that is far too small."""
    monkeypatch.setitem(__import__("sys").modules, "tinynn.fast", None)
    monkeypatch.setattr(trials, "PURE", (900, 7e6))
    run = Network([64, 10], seed=0).train(DIGITS.training[:300], 3, 10, 1e-6, seed=0)
    assert case_of(run).budget == 900
    assert diagnose(run)[0].name == "learning rate too low"


def test_neighbours_and_clusters_say_what_labels_could_be() -> None:
    """Two heaps of points: the labels of a heap are those of its points."""
    points = [(Vector([v]), Vector.one_hot(int(v > 0.5), 2)) for v in (0.0, 0.1, 0.2, 0.8, 0.9, 1)]
    assert Neighbours(points).label([0.05]) == (1.0, 0.0)
    run = Network([1, 2, 2], seed=0).train(points * 4, 1, 2, 1.0, seed=0)
    labels = [y.argmax() for _, y in clusters(case_of(run), 2).training]
    assert len(set(labels)) == 2
    run.finish()


def test_new_first_numbers_are_of_the_kind_that_the_run_has() -> None:
    """N(0, 1) stays N(0, 1), N(0, 1/√n) stays that, also once the weights have learnt."""
    for init, width in (("large", 1.0), ("scaled", 1 / 8)):
        run = fast.Network([64, 30, 10], seed=0, init=init).train(DIGITS.training, 1, 10, 0.1)
        for begun in (False, True):
            again = spreads(fresh(case_of(run), Random(0), begun).network)
            assert abs(again[0] / width - 1.0) < 0.1
        run.finish()


def test_a_trial_leaves_its_case_as_it_is() -> None:
    """The network of a case learns nothing."""
    run = Network([64, 10], seed=0).train(DIGITS.training[:40], 1, 10, 0.5, seed=0)
    case = case_of(run)
    before = case.network.copy()
    assert learnt(case, 0.01).network != before
    assert case.network == before
    run.finish()


def test_each_cause_is_in_the_table_of_the_guide() -> None:
    """By its name, with its chapter."""
    for cause in (*CAUSES, COPIES):
        rows = [line for line in GUIDE.splitlines() if line.startswith(f"| `{cause.name}` |")]
        assert len(rows) == 1, cause.name
        assert rows[0].endswith(f"| {cause.chapter} |"), cause.name


# The command.


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A run with η = 100 in a file."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = str(tmp_path / "ill.json")
    options = ["--sizes", "64", "10", "--epochs", "2", "--eta", "1e-6", "--fast", "--plain"]
    assert main(["train", *options, "--save", path]) == 0
    return path


def test_the_command_says_the_cause_its_chapter_and_the_next_command(
    kept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the state of each layer; all lines fit 80 columns but those of a command."""
    assert main(["diagnose", kept]) == 0
    text = capsys.readouterr().out
    assert "* learning rate too low (chapter 3)" in text
    assert "--eta 0.5" in text or "--eta 3" in text
    assert "length of δ" in text
    lines = [line for line in text.splitlines() if not line.startswith("  $")]
    assert max(map(len, lines)) < 80
    assert "trials" not in text
    assert main(["diagnose", kept, "--try", "--json"]) == 0
    parts = json.loads(capsys.readouterr().out)
    names = {trial["name"] for trial in parts["trials"]}
    assert "learning rate too low" in names
    assert parts["findings"][0]["trial"]["examples"] == 500


def test_a_file_is_diagnosed_in_python_with_its_data_or_others(kept: str) -> None:
    """The file names the data; data of another fingerprint are refused."""
    assert diagnose(kept)[0].name == "learning rate too low"
    with pytest.raises(DataError, match="training data"):
        diagnose(kept, DIGITS.training[:10])


def test_a_file_that_names_no_data_takes_the_digits(tmp_path: Path) -> None:
    """As `run.save` writes it."""
    run = run_on(DIGITS.training, DIGITS.test)
    next(run)
    run.save(tmp_path / "run.json")
    assert examined(run).layers[0].neurons == 30
    assert diagnose(tmp_path / "run.json") == []


@pytest.mark.parametrize("given", [3, None, Network([2, 1], seed=0), [1]])
def test_what_is_no_run_is_refused(given: Any) -> None:
    """With what to write instead."""
    with pytest.raises(ArgumentError, match="diagnose"):
        diagnose(given)


def test_a_network_without_a_run_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of weights alone has no settings and no data."""
    path = str(tmp_path / "net.json")
    Network([64, 10], seed=0).save(path)
    assert main(["diagnose", path]) == 2
    assert "no run" in capsys.readouterr().err


@pytest.mark.whole
@pytest.mark.parametrize("name", ["set1", "set2", "set3"])
def test_set_ups_that_others_wrote_are_named(name: str) -> None:
    """At least 17 of 20 broken ones by their cause; no healthy one is called ill."""
    from tests.setups.score import SETS, outcome

    files = sorted((SETS / name).glob("*_*.py"))
    found = [outcome(path) for path in files]
    ill = [each for each in found if each.expected]
    assert sum(each.is_right for each in ill) >= 17, [each for each in ill if not each.is_right]
    assert not [each for each in found if not each.expected and each.named]
