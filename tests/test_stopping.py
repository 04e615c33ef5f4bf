"""Schedules and stopping: when a run ends and how its η falls, by the validation data alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf, nan
from pathlib import Path
from random import Random
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tests.terminal import on_a_terminal, run
from tests.test_runs import XOR, StopError, both, same_bits
from tinynn import ArgumentError, DivergenceError, Network, load_digits
from tinynn.cli import main
from tinynn.cli.rules import falls, to_go_on
from tinynn.costs import QUADRATIC
from tinynn.fast import Network as FastNetwork
from tinynn.layers import Plan
from tinynn.training import (
    SCHEDULES,
    EpochReport,
    NoImprovement,
    Run,
    Schedule,
    Score,
    Settings,
    following,
)
from tinynn.views.epochs import rule_line
from tinynn.views.picture import picture_console
from tinynn.views.training import TrainingScreen

pytestmark = pytest.mark.ch3


class Scripted:
    """A network that learns nothing: its right answers after each epoch are given.

    On the test data they rise with every epoch, so that a rule which looks there never ends.
    """

    cost = QUADRATIC
    plan = Plan([1, 1])

    def __init__(self, correct: Sequence[int]) -> None:
        self.correct = list(correct)
        self.etas: list[float] = []

    def _prepare(self, name: str, examples: Any) -> Any:
        return name

    def _learn(self, prepared: Any, order: Any, settings: Settings, *_: Any) -> Iterator[int]:
        self.etas.append(settings.eta)
        yield len(order)

    def _score(self, prepared: Any, on_scored: Any = None) -> Score:
        epoch = len(self.etas) - 1
        right = self.correct[epoch] if prepared == "validation_data" else 1000 + epoch
        return Score(right, 10_000, 0.5)

    def _penalised(self, score: Score, *penalty: Any) -> Score:
        return score

    def is_finite(self) -> bool:
        """Say that every number is finite."""
        return True

    def _snapshot(self) -> Any:
        return None

    def _restore(self, snapshot: Any) -> None:
        pass

    def run(self, eta: float = 0.5) -> Run:
        """Return its run, of as many epochs as it has right answers."""
        settings, data = Settings(len(self.correct), 1, eta), [XOR[0]]
        source = Random(0)
        return Run(self, settings, data, data, source, validation_data=data)  # type: ignore


def etas_of(correct: Sequence[int], *rules: Any, eta: float = 0.5) -> list[float]:
    """Return the η of each epoch that a run of these right answers has under these rules."""
    network = Scripted(correct)
    reports = list(following(network.run(eta), *rules))
    assert [report.eta for report in reports] == network.etas, "the η that was learnt with"
    return network.etas


# Early stopping.


def epochs_until(correct: Sequence[int], patience: int) -> int:
    """Return the number of epochs: the first after which none of the last n is the best."""
    for done in range(patience + 1, len(correct) + 1):
        if max(correct[: done - patience]) >= max(correct[done - patience : done]):
            return done
    return len(correct)


def test_early_stopping() -> None:
    """A run ends after n epochs that are no better than the best before."""

    def last_epoch(accuracies: list[float], patience: int) -> int:
        correct = [sorted(accuracies).index(accuracy) for accuracy in accuracies]
        return len(etas_of(correct, NoImprovement(patience)))

    check("early-stopping", last_epoch)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(1, 6))
def test_stopping_stops_exactly_when_its_rule_says(correct: list[int], patience: int) -> None:
    """After n epochs none of which beats all before; as many are right is no improvement."""
    assert len(etas_of(correct, NoImprovement(patience))) == epochs_until(correct, patience)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=40), st.integers(1, 6))
def test_the_patience_that_is_left_counts_down_to_the_end(correct: list[int], n: int) -> None:
    """It is full after an improvement, one less after any other epoch, and 0 at the end alone."""
    rule, network = NoImprovement(n), Scripted(correct)
    run = network.run()
    assert rule.left([]) == n
    for report in following(run, rule):
        before, left = run.reports[:-1], rule.left(run.reports)
        improved = all(report.validation > other.validation for other in before)  # type: ignore
        assert left == (n if improved else rule.left(before) - 1)
        assert bool(rule.ended(run.reports)) is (left == 0)


@pytest.mark.parametrize(
    ("correct", "patience", "epochs", "best"),
    [
        ([5, 6, 7, 7, 7, 8, 9], 2, 5, 2),  # as many right twice more: the 8 is never seen
        ([5, 6, 7, 7, 8, 8, 8, 9], 2, 7, 4),  # an 8 just in time
        ([5, 4, 9], 1, 2, 0),
        ([3, 3], 1, 2, 0),
    ],
)
def test_early_stopping_by_hand(correct: list[int], patience: int, epochs: int, best: int) -> None:
    """It names the patience and the best epoch."""
    rule, run = NoImprovement(patience), Scripted(correct).run()
    assert len(list(following(run, rule))) == epochs
    assert f"no improvement in {patience} epoch" in rule.ended(run.reports)
    assert rule.ended(run.reports).endswith(f"best was epoch {best}")


def test_no_improvement_in_ten_is_ten_epochs_after_the_best() -> None:
    """Epoch 12 is the best; epoch 22 is the last."""
    run = Scripted([*range(13), *[12] * 50]).run()
    assert [report.number for report in following(run, NoImprovement(10))][-1] == 22
    assert NoImprovement(10).ended(run.reports) == "no improvement in 10 epochs: best was epoch 12"


# Schedules.


def etas_by_counting(
    correct: Sequence[int], eta: float, factor: float, patience: int, most: int
) -> list[float]:
    """Return η epoch by epoch, with counters: what a person would write beside the run."""
    etas: list[float] = []
    best, waited, falls = -1, 0, 0
    for right in correct:
        if falls == most:
            break
        etas.append(eta / factor**falls)
        waited = 0 if right > best else waited + 1
        best = max(best, right)
        if waited == patience:
            falls, waited = falls + 1, 0
    return etas


CASES = st.tuples(st.sampled_from([2, 10, 3, 1.5]), st.integers(1, 4), st.integers(1, 5))
ETAS = st.floats(1e-6, 1e3)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), CASES, ETAS)
def test_a_schedule_falls_and_ends_exactly_when_it_says(
    correct: list[int], case: tuple[float, int, int], eta: float
) -> None:
    """Each η is the first one over a power of the factor; counted anew after each fall."""
    factor, patience, falls = case
    etas = etas_of(correct, Schedule(factor, patience, 1 / factor**falls), eta=eta)
    assert etas == etas_by_counting(correct, eta, factor, patience, falls)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60), st.sampled_from(list(SCHEDULES)))
def test_a_schedule_never_rises(correct: list[int], name: str) -> None:
    """And no epoch has an η as small as the one at which it ends."""
    etas = etas_of(correct, SCHEDULES[name])
    assert all(after <= before for before, after in pairwise(etas))
    assert min(etas) > SCHEDULES[name].least * etas[0]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), CASES, st.integers(1, 9))
def test_with_both_rules_a_run_ends_with_the_first_of_them(
    correct: list[int], case: tuple[float, int, int], patience: int
) -> None:
    """And η falls as it does under the schedule alone."""
    factor, n, falls = case
    schedule, stop = Schedule(factor, n, 1 / factor**falls), NoImprovement(patience)
    alone, stopped = etas_of(correct, schedule), epochs_until(correct, patience)
    assert etas_of(correct, stop, schedule) == alone[:stopped]


@pytest.mark.parametrize("eta", [0.5, 3.0, 0.1])
def test_the_exercise_halves_after_ten_and_ends_at_128(eta: float) -> None:
    """From an epoch that nothing beats: eleven with η, then ten each with η/2 to η/64."""
    etas = etas_of([9] * 200, SCHEDULES["halve"], eta=eta)
    assert etas == [eta] * 11 + [eta / 2**k for k in range(1, 7) for _ in range(10)]
    late = [9] * 10 + [10] + [9] * 200  # an improvement in the tenth epoch puts the fall off
    assert etas_of(late, SCHEDULES["halve"], eta=eta)[:22] == [eta] * 21 + [eta / 2]


def test_the_text_of_the_book_goes_down_by_two_or_ten() -> None:
    """Where validation gets no better η falls at once; it ends at 1/1,024 and at 1/1,000."""
    by_two, by_ten = SCHEDULES["by-two"], SCHEDULES["by-ten"]
    assert etas_of([5, 6, 6, 7, 3] + [3] * 20, by_two) == [
        *[0.5] * 3,  # 5, 6, then as many right
        *[0.25] * 2,  # 7 is better, 3 is not
        *[0.5 / 2**k for k in range(2, 10)],
    ]
    assert etas_of([5, 4, 6, 6, 6, 6], by_ten) == [0.5, 0.5, 0.05, 0.05, 0.005]
    run = Scripted([5] * 20).run()
    assert len(list(following(run, by_ten))) == 4
    assert "1/1,000 of 0.5" in by_ten.ended(run.reports)
    run = Scripted([5] * 20).run()
    list(following(run, SCHEDULES["by-two"]))
    assert "1/1,024 of 0.5" in by_two.ended(run.reports)
    run = Scripted([5] * 80).run()
    list(following(run, SCHEDULES["halve"]))
    assert "η is down to 1/128 of 0.5" in SCHEDULES["halve"].ended(run.reports)


def test_the_schedules_of_the_book_are_there_by_name() -> None:
    """Factor, patience, and the share of η at which they end."""
    assert dict(SCHEDULES) == {
        "halve": Schedule(2, 10, 1 / 128),
        "by-two": Schedule(2, 1, 1 / 1024),
        "by-ten": Schedule(10, 1, 1 / 1000),
    }
    with pytest.raises(TypeError):
        SCHEDULES["mine"] = Schedule(2, 1, 0.5)  # type: ignore[index]


def test_a_schedule_begins_to_count_when_it_begins() -> None:
    """After ten epochs without it η falls once, and not at once as often as it might have."""
    run = Scripted([9] * 30).run()
    for _ in range(10):
        next(run)
    assert [report.eta for report in following(run, Schedule(2, 3, 1 / 8))] == [
        *[0.25] * 3,
        *[0.125] * 3,
    ]


def test_an_eta_that_you_set_stays_until_it_falls() -> None:
    """By a power of the factor of the first one, and never up."""
    run = Scripted([9] * 30).run()
    etas = []
    for report in following(run, Schedule(2, 2, 1 / 32)):
        etas.append(report.eta)
        if report.number == 0:
            run.eta = 0.2
    assert etas == [0.5, 0.2, 0.2, 0.125, 0.125, 0.0625, 0.0625, 0.03125, 0.03125]


# The validation data, and nothing else.


def report_of(correct: Optional[int], number: int = 0, eta: Optional[float] = 0.5) -> EpochReport:
    """Return a report with this many right of the validation data."""
    score = None if correct is None else Score(correct, 10, 0.5)
    return EpochReport(number, 9, 10, 0.5, 1.0, 1.0, None, score, eta)


def test_without_validation_data_no_rule_is_followed() -> None:
    """The test data is not looked at instead; the call itself says so."""
    run = Network([2, 2, 1], seed=0).train(XOR, 3, 2, 1.0, test_data=XOR, seed=0)
    for rule in (NoImprovement(3), SCHEDULES["halve"]):
        with pytest.raises(ArgumentError, match=r"validation_data: .*, validation_data=data"):
            following(run, rule)
        with pytest.raises(ArgumentError, match="a score on the validation data"):
            rule.ended([report_of(None)] * 20)
    assert len(list(following(run))) == 3, "without a rule it is the run itself"


def test_a_schedule_rejects_reports_without_eta() -> None:
    """For your own reports; early stopping does not need η."""
    reports = [report_of(5, eta=None)] * 3
    with pytest.raises(ArgumentError, match="expected reports with their η"):
        SCHEDULES["by-two"].next_eta(reports)
    with pytest.raises(ArgumentError, match="expected at least one, got none"):
        SCHEDULES["by-two"].next_eta([])
    assert NoImprovement(2).ended(reports)


WRONG: Any = (2.5, "2", 10, "halve", NoImprovement, [])  # what a type checker would find


def finished() -> Run:
    """Return a run of one epoch, which is done."""
    run = Scripted([1]).run()
    run.finish()
    return run


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: NoImprovement(0), "patience: expected a whole number of at least 1, got 0"),
        (lambda: NoImprovement(WRONG[0]), "patience: expected a whole number"),
        (lambda: NoImprovement(True), "patience: expected a whole number"),
        (lambda: Schedule(2, 0, 0.5), "patience: expected a whole number of at least 1"),
        (lambda: Schedule(1, 1, 0.5), "factor: expected a finite number above 1, .* got 1"),
        (lambda: Schedule(0.5, 1, 0.5), "factor: expected a finite number above 1"),
        (lambda: Schedule(inf, 1, 0.5), "factor: expected a finite number above 1"),
        (lambda: Schedule(nan, 1, 0.5), "factor: expected a finite number above 1"),
        (lambda: Schedule(WRONG[1], 1, 0.5), "factor: expected a number, got '2'"),
        (lambda: Schedule(2, 1, 0), "least: expected a share between 0 and 1"),
        (lambda: Schedule(2, 1, 1), "least: expected a share between 0 and 1"),
        (lambda: Schedule(2, 1, 128), "least: expected a share .* such as 1/128, got 128"),
        (lambda: Schedule(2, 1, nan), "least: expected a share between 0 and 1"),
        (lambda: Schedule(2, 1, 5e-324), "least: expected a share between 0 and 1"),
        (lambda: following(WRONG[5], NoImprovement(3)), "run: expected a Run, got a list of 0"),
        (lambda: following(finished(), WRONG[2]), r"rules: expected NoImprovement\(10\)"),
        (lambda: following(finished(), WRONG[3]), r"rules: .* got 'halve'"),
        (lambda: following(finished(), WRONG[4]), r"rules: expected NoImprovement"),
        (lambda: following(finished(), *SCHEDULES.values()), "at most one schedule"),
    ],
)
def test_an_invalid_rule_is_rejected(make: Any, words: str) -> None:
    """The message has the expected and the given value."""
    with pytest.raises(ArgumentError if "a number" not in words else ValueError, match=words):
        make()


def test_a_custom_rule_is_an_object_with_ended() -> None:
    """Such as: stop once a share of the answers is right."""

    class Good:
        def ended(self, reports: Sequence[EpochReport]) -> str:
            """Return why the run is over."""
            return "good enough" if reports and reports[-1].validation.correct >= 7 else ""  # type: ignore

    assert len(etas_of([3, 5, 7, 9], Good())) == 3


# The run and its η.


@both
def test_an_epoch_learns_with_the_eta_of_the_run(engine: Any) -> None:
    """Two epochs with η and two with η/2 are two runs, one after the other."""
    net, other = engine([2, 3, 1], seed=0), engine([2, 3, 1], seed=0)
    run = net.train(XOR, 4, 2, 3.0, seed=7)
    next(run)
    next(run)
    run.eta = 1.5
    run.finish()
    rng, order = Random(7), [0, 1, 2, 3]
    for eta in (3.0, 1.5):
        other.train(XOR, 2, 2, eta, rng=rng, order=order).finish()
    assert same_bits(net, other)
    assert [report.eta for report in run.reports] == [3.0, 3.0, 1.5, 1.5]
    assert (run.eta, run.settings.eta) == (1.5, 3.0)
    assert str(run.reports[3]) == "Epoch 3 complete"


@pytest.mark.parametrize("wrong", [0, -1.0, inf, nan, "0.5", None, True])
def test_an_invalid_eta_is_rejected_when_it_is_set(wrong: Any) -> None:
    """And η stays what it was."""
    run = Scripted([1]).run()
    with pytest.raises(ArgumentError, match="eta: expected a finite number above 0"):
        run.eta = wrong
    assert run.eta == 0.5
    run.finish()


def test_a_run_that_diverged_names_its_eta_and_goes_on_with_a_smaller_one() -> None:
    """The η that was in use, not that of the settings."""
    run = Network([2, 2, 1], seed=0, activation="linear").train(XOR, 900, 1, 0.1, seed=0)
    next(run)
    run.eta = 1e200
    with pytest.raises(DivergenceError, match=r"epoch 1: .*eta = 1e\+200 is too large"):
        run.finish()
    run.eta = 0.01
    report = next(run)
    assert (report.number, report.eta) == (1, 0.01)


def test_rewind_takes_back_the_eta_that_an_epoch_set() -> None:
    """What you set between two epochs stays."""
    network = Scripted([1, 2, 3, 4])
    run = network.run()
    next(run)
    run.eta = 0.25

    def stop(progress: Any) -> None:
        run.eta = 9.0
        raise StopError

    run.on_mini_batch = stop
    with pytest.raises(StopError):
        next(run)
    run.rewind()
    assert run.eta == 0.25
    with pytest.raises(StopError):
        next(run)
    run.on_mini_batch = None
    run.eta = 0.125
    next(run)
    assert network.etas == [0.5, 0.25, 0.25, 0.125]


# Saved and resumed.


def few() -> tuple[Any, Any]:
    """Return digits to learn from, and to judge by, of which few are right."""
    digits = load_digits()
    return digits.training[:60], digits.validation[:40]


RULES: list[tuple[Any, ...]] = [
    (NoImprovement(2),),
    (Schedule(2, 2, 1 / 8),),
    (SCHEDULES["by-ten"],),
    (SCHEDULES["by-two"], NoImprovement(3)),
]


@both
@pytest.mark.parametrize("rules", RULES, ids=str)
def test_a_resumed_run_follows_its_rules_to_the_same_bits(
    engine: Any, rules: tuple[Any, ...], tmp_path: Path
) -> None:
    """Wherever it was saved: by whoever gets the report, and in the middle of an epoch."""
    training, validation = few()

    def begin() -> Run:
        net = engine([64, 4, 10], seed=1)
        run: Run = net.train(training, 15, 10, 3.0, validation_data=validation, seed=1)
        return run

    whole = begin()
    list(following(whole, *rules))
    wanted = [(report.number, *report[6:]) for report in whole.reports]
    assert len(wanted) > 3
    run, number = begin(), 0
    for report in following(run, *rules):
        number = report.number
        run.save(tmp_path / f"{number}.json")

        def stop(progress: Any) -> None:
            raise StopError

        if number + 1 < len(wanted):  # and while the next epoch is under way
            middle = engine.resume(
                tmp_path / f"{number}.json", training, validation_data=validation
            )
            middle.on_mini_batch = stop
            with pytest.raises(StopError):
                list(following(middle, *rules))
            middle.save(tmp_path / f"{number}-middle.json")
    assert [(r.number, *r[6:]) for r in run.reports] == wanted
    for path in tmp_path.iterdir():
        again = engine.resume(path, training, validation_data=validation)
        list(following(again, *rules))
        assert [(r.number, *r[6:]) for r in again.reports] == wanted, path.name
        assert same_bits(again.network, whole.network), path.name


def test_an_older_file_has_the_eta_of_its_settings(tmp_path: Path) -> None:
    """In every report, and for the next epoch; another one in the file is checked."""
    path = tmp_path / "run.json"
    run = Network([2, 2, 1], seed=0).train(XOR, 4, 2, 3.0, validation_data=XOR, seed=0)
    next(run)
    next(run)
    run.eta = 1.5
    run.save(path)
    kept = json.loads(path.read_text())
    resumed = Network.resume(path, XOR)
    assert resumed.eta == 1.5
    assert resumed.finish()[2].eta == 1.5
    for length in (8, 6):
        parts = json.loads(path.read_text())
        parts["run"].pop("eta", None)
        parts["run"]["reports"] = [report[:length] for report in parts["run"]["reports"]]
        path.write_text(json.dumps(parts))
        old = Network.resume(path, XOR)
        assert [old.eta, *(report.eta for report in old.reports)] == [3.0] * 3
    for wrong in (-1, "x", [0.5]):
        for place in ("eta", "reports"):
            parts = json.loads(json.dumps(kept))
            if place == "eta":
                parts["run"]["eta"] = wrong
            else:
                parts["run"]["reports"][1][8] = wrong
            path.write_text(json.dumps(parts))
            with pytest.raises(ValueError, match="eta: "):
                Network.resume(path, XOR)


# tinynn train --patience and --schedule.

SMALL = ("train", "--fast", "--sizes", "64", "8", "10", "--plain")


def log_of(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a log after its first, without the times."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    times = ("seconds", "examples_per_second")
    return [
        {k: v for k, v in line.items() if k not in times} for line in lines if "run" not in line
    ]


def test_train_stops_like_the_library_and_prints_why(tmp_path: Path) -> None:
    """Its log has the η of each epoch; the book's lines are as they were."""
    log = tmp_path / "run.jsonl"
    rules = ("--patience", "5", "--schedule", "by-two")
    done = run(
        *SMALL, *rules, "--save", str(tmp_path / "run.json"), "--keep-best", "--log", str(log)
    )
    assert done.returncode == 0, done.stderr
    data, net = load_digits(), FastNetwork([64, 8, 10], seed=0)
    ours = net.train(data.training, 200, 10, 3.0, validation_data=data.validation, seed=0)
    both_rules = SCHEDULES["by-two"], NoImprovement(5)
    reports = list(following(ours, *both_rules))
    assert [line["eta"] for line in log_of(log)] == [report.eta for report in reports]
    assert len(done.stdout.splitlines()) == len(reports) < 200
    assert all(re.fullmatch(r"Epoch \d+: \d+ / 500", line) for line in done.stdout.splitlines())
    why = next(filter(None, (rule.ended(reports) for rule in both_rules)))
    assert re.search(rf"^ended +{re.escape(why)}$", done.stderr, re.MULTILINE)
    changes = [after for before, after in pairwise(reports) if after.eta != before.eta]
    assert changes
    for report in changes:
        assert f"η is {report.eta:g} from epoch {report.number} on" in done.stderr
    best = FastNetwork.load(tmp_path / "run.best.json").measure(data.validation)
    assert best.correct == max(report.validation.correct for report in reports if report.validation)


def test_a_resumed_command_follows_the_rules_that_the_run_was_begun_with(tmp_path: Path) -> None:
    """To the same reports; --epochs still bounds it, and a run that is over says why."""
    rules = ("--patience", "4", "--schedule", "by-ten")
    logs = [tmp_path / "whole.jsonl", tmp_path / "parts.jsonl"]
    path, resume = (
        tmp_path / "run.json",
        ("train", "--plain", "--resume", str(tmp_path / "run.json")),
    )
    whole = run(*SMALL, *rules, "--log", str(logs[0]))
    part = run(*SMALL, *rules, "--epochs", "6", "--save", str(path), "--log", str(logs[1]))
    assert "all 6 epochs are done, and no rule ended the run" in part.stderr
    assert f"go on      tinynn train --resume {path} --epochs 12" in part.stderr
    assert run(*resume, "--epochs", "7", "--log", str(logs[1])).returncode == 0
    rest = run(*resume, "--epochs", "200", "--log", str(logs[1]))
    assert rest.returncode == 0, rest.stderr
    assert log_of(logs[0]) == log_of(logs[1])
    assert re.findall("^ended.*", rest.stderr, re.M) == re.findall("^ended.*", whole.stderr, re.M)
    over = run(*resume)
    assert over.returncode == 2
    assert f"the run in {path} is over: " in over.stderr


def test_more_patience_goes_on_with_a_run_that_ran_out_of_it(tmp_path: Path) -> None:
    """As the command says that ends it; the file then has the new patience."""
    path = tmp_path / "run.json"
    done = run(*SMALL, "--patience", "2", "--save", str(path))
    assert f"go on      tinynn train --resume {path} --patience 4" in done.stderr
    over = run("train", "--plain", "--resume", str(path))
    assert over.returncode == 2
    assert "no improvement in 2 epochs" in over.stderr
    assert "add --patience 4" in over.stderr
    more = run("train", "--plain", "--resume", str(path), "--patience", "4")
    assert more.returncode == 0, more.stderr
    assert len(more.stdout.splitlines()) >= 2
    assert json.loads(path.read_text())["run"]["about"]["patience"] == "4"
    assert "no improvement in 4 epochs" in more.stderr
    parts = json.loads(path.read_text())
    for name, wrong in (("patience", "0"), ("patience", "x"), ("schedule", "third")):
        about = {**parts["run"]["about"], name: wrong}
        path.write_text(json.dumps({**parts, "run": {**parts["run"], "about": about}}))
        refused = run("train", "--plain", "--resume", str(path))
        assert (refused.returncode, refused.stdout) == (2, "")
        assert f"{path}: {name}: expected" in refused.stderr


def test_each_of_several_runs_has_its_own_end() -> None:
    """A note for each seed."""
    done = run(*SMALL, "--schedule", "by-ten", "--runs", "2")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^ended +(seed \d): η is down to 1/1,000 of 3", done.stderr, re.M) == [
        "seed 0",
        "seed 1",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--patience", "0"), "--patience: expected a whole number of at least 1, got 0"),
        (("--patience", "-3"), "--patience: expected a whole number of at least 1, got -3"),
        (("--patience", "many"), "--patience"),
        (("--schedule", "third"), "expected halve, by-two"),
    ],
)
def test_an_invalid_rule_ends_the_command(options: tuple[str, ...], said: str) -> None:
    """With status 2, before anything is learnt."""
    done = run("train", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_rule_needs_validation_digits(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Without them the command says so; it never looks at the test digits instead."""
    digits = load_digits()
    without = digits._replace(validation=digits.validation[:0])
    monkeypatch.setattr("tinynn.cli.train.load_data", lambda name: without)
    for option in (("--patience", "3"), ("--schedule", "halve")):
        assert main(["train", "--plain", *option]) == 2
        said = capsys.readouterr()
        assert f"{option[0]}: expected data with validation digits" in said.err
        assert not said.out


def test_the_reason_for_its_end_decides_how_to_continue_a_run() -> None:
    """More patience, more epochs or both; nothing, once a schedule is at its end."""
    patient, schedule = NoImprovement(3), Schedule(2, 2, 1 / 4)
    cases: list[tuple[list[int], tuple[Any, ...], Any]] = [
        ([9] * 9, (patient,), ["--patience", "6"]),
        ([9] * 4, (patient,), ["--patience", "6", "--epochs", "8"]),
        ([9] * 3, (patient,), ["--epochs", "6"]),
        ([9] * 9, (schedule,), None),
        ([9] * 3, (schedule, patient), ["--epochs", "6"]),
        ([9] * 9, (), ["--epochs", "18"]),
    ]
    for correct, rules, wanted in cases:
        run = Scripted(correct).run()
        list(following(run, *rules))
        assert to_go_on(rules, run) == wanted, (correct, rules)


def test_a_fall_of_eta_is_reported_only_if_an_epoch_follows() -> None:
    """Not after the last epoch that is asked for, nor at the end of the schedule."""
    schedule = Schedule(2, 2, 1 / 4)
    for epochs, wanted in [(9, ["", "", "η is 0.25 from epoch 3 on", "", ""]), (3, [""] * 3)]:
        run = Scripted([9] * epochs).run()
        assert [falls((schedule,), run) for _ in following(run, schedule)] == wanted


def test_a_run_stopped_by_ctrl_c_keeps_its_rules(tmp_path: Path) -> None:
    """The note is that it was stopped, and what to type goes on under the same rules."""
    path = tmp_path / "run.json"
    options = ("--plain", "--save", str(path), "--schedule", "halve", "--sizes", "64", "10")
    status, shown = on_a_terminal("train", *options, interrupt_after="Epoch 1:")
    assert status == 130
    assert "by Ctrl-C" in shown
    assert "ended" not in shown
    about = json.loads(path.read_text())["run"]["about"]
    assert (about["schedule"], "patience" in about) == ("halve", False)


# Seen.


@given(st.lists(st.integers(0, 6), max_size=40), st.sampled_from(RULES))
def test_the_line_of_eta_and_patience_fits_a_panel_of_80_columns(
    correct: list[int], rules: tuple[Any, ...]
) -> None:
    """At every moment of a run; at its end it says why."""
    run = Scripted([*correct, 0]).run()
    for _ in following(run, *rules):
        line = rule_line(rules, run.reports)
        assert 0 < len(line) <= 36
        over = [rule.ended(run.reports) for rule in rules if rule.ended(run.reports)]
        assert not over or over[0].startswith(line)
    assert rule_line((), run.reports) == ""


def test_the_line_shows_eta_and_the_patience_left() -> None:
    """By hand: 9 is never beaten, so that every second epoch halves η."""
    schedule, stop = Schedule(2, 2, 1 / 4), NoImprovement(3)
    assert rule_line((stop,), []) == "patience 3 of 3"
    assert "patience 2 of 2" in rule_line((schedule,), [])
    run = Scripted([9] * 9).run()
    lines = [
        (rule_line((schedule,), run.reports), rule_line((schedule, stop), run.reports))
        for _ in following(run, schedule)
    ]
    assert lines == [
        ("η 0.5, patience 2 of 2", "η 0.5 falls in 2, ends in 3"),
        ("η 0.5, patience 1 of 2", "η 0.5 falls in 1, ends in 2"),
        ("η 0.25 of 0.5, patience 2 of 2", "η 0.25 falls in 2, ends in 1"),
        ("η 0.25 of 0.5, patience 1 of 2", "no improvement in 3 epochs"),
        ("η is down to 1/4 of 0.5", "η is down to 1/4 of 0.5"),
    ]


@pytest.mark.parametrize(("columns", "has_eta"), [(80, False), (120, True)])
def test_the_screen_shows_eta_as_it_falls(columns: int, has_eta: bool) -> None:
    """Under the cost; in a column of the epochs, if there is room, and only under a schedule."""
    options = ("train", "--fast", "--sizes", "64", "10", "--eta", "0.5")
    head = r"cost(\x1b\[[\d;]*m|\s)+η"  # with the colours between
    plain = (*options, "--epochs", "2")
    status, shown = on_a_terminal(*options, "--schedule", "by-ten", columns=columns, lines=40)
    assert status == 0
    assert "η is down to 1/1,000 of 0.5" in shown
    assert "at most 200 epochs" in shown
    assert bool(re.search(head, shown)) is has_eta
    status, shown = on_a_terminal(*plain, columns=columns, lines=40)
    assert "at most" not in shown
    assert "patience" not in shown
    assert not re.search(head, shown)


def test_the_curves_have_the_width_for_a_run_that_ends_early() -> None:
    """Of 200 epochs that are allowed, those that there may be at least."""
    digits, console = load_digits(), picture_console(100, 32)
    rules = (NoImprovement(30),)
    screen = TrainingScreen(Network([64, 10]), digits.test, 200, "η = 3", 0, console, rules=rules)
    screen.reports = [report_of(5, number) for number in range(3)]
    assert screen._width() == 3 + 28
    assert TrainingScreen(screen.network, digits.test, 200, "", 0, console)._width() == 200
