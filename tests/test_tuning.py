"""tinynn tune: reasoned choices from any start, and settings better than chapter 1's."""

from __future__ import annotations

import json
import re
from math import inf
from typing import Any

import pytest

from tests.terminal import on_a_terminal, run
from tinynn import Network, Vector, load_digits
from tinynn.cli.afterwards import TUNED
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, DataError
from tinynn.experiments import tuning
from tinynn.experiments.tuning import Choice, Decision, Reached, Tried, reach, tune
from tinynn.fast import Network as FastNetwork
from tinynn.training import EpochReport, Score

pytestmark = pytest.mark.ch3
STEPS = ["problem", "eta", "epochs", "lmbda", "eta again", "mini-batch size", "result"]


def few_digits() -> DataSet:
    """Return a third of the digits."""
    data = load_digits()
    return DataSet(data.training[:300], data.validation[:100], data.test)


def records_from(eta: float, **changes: Any) -> list[Any]:
    """Return trials and decisions on a third of the digits, and a network of 8 hidden neurons."""
    how: dict[str, Any] = {"eta": eta, "hidden": 8, **changes}
    records = tune(few_digits(), FastNetwork, **how)
    return [record for record in records if isinstance(record, (Tried, Decision))]


@pytest.fixture(scope="module")
def records() -> list[Any]:
    """Return the records from η = 0.01."""
    return records_from(0.01)


@pytest.fixture(scope="module")
def whole() -> list[dict[str, Any]]:
    """Return the lines of `tinynn tune --fast --json`, on all of the digits that ship."""
    done = run("tune", "--fast", "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def trials(records: list[Any], step: str) -> list[Tried]:
    """Return the trials of a step."""
    return [each for each in records if isinstance(each, Tried) and each.step == step]


def decision(records: list[Any], step: str) -> Decision:
    """Return the decision of a step."""
    (found,) = (each for each in records if isinstance(each, Decision) and each.step == step)
    return found


# Step by step.


def test_the_steps_are_those_of_the_book_in_its_order(records: list[Any]) -> None:
    """Strip down; η on the training cost; stopping; λ; η again; mini-batch size last."""
    assert [each.step for each in records if isinstance(each, Decision)] == STEPS


def test_the_problem_is_stripped_down_first(records: list[Any]) -> None:
    """Of 300 digits the 61 that are 0 or 1, as the book does; no hidden layer, no λ."""
    first = trials(records, "problem")[0]
    data = few_digits()
    counts = [sum(label < 2 for label in part.labels) for part in (data.training, data.validation)]
    assert [first.n, first.total] == counts == [61, 20]
    assert first.choice == Choice(0.01)
    assert len(first.costs) == 1 + tuning.LOOKED
    numbers, sentence = decision(records, "problem").numbers, decision(records, "problem").sentence
    assert numbers["chance"] == 11, "of 20, if every answer is 0"
    assert "64-10 on 61 digits, only 0 and 1" in sentence


def test_the_problem_stripped_down_has_at_most_1000_images_and_100_to_validate() -> None:
    """Those of MNIST's 0s and 1s that come first."""
    x = Vector([0.0])
    pairs = [(x, Vector.one_hot(i % 4, 10)) for i in range(4000)]
    assert len(tuning._stripped(pairs, 1000)) == 1000
    assert tuning._stripped(pairs, 3) == [pairs[0], pairs[1], pairs[4]]


def test_digits_without_0_and_1_are_stripped_down_to_the_first_images() -> None:
    """There is nothing to tell apart then: all classes stay."""
    data = few_digits()
    rest = [[each for each in part if each[1].argmax() > 1] for part in data[:2]]
    kept: Any = DataSet(rest[0], rest[1], data.test)  # type: ignore[arg-type]
    records = tune(kept, FastNetwork, hidden=3)
    first = next(each for each in records if isinstance(each, Tried))
    assert (first.n, first.total) == (239, 80)
    words = next(each for each in records if isinstance(each, Decision)).sentence
    assert "only 0 and 1" not in words


def test_the_threshold_of_eta_is_looked_for_by_tens_on_the_training_cost(
    records: list[Any],
) -> None:
    """Up while the cost falls; then 2 and 5 times the last; then half of what still falls."""
    tried = trials(records, "eta")
    start = tried[0].choice.eta
    tens = [each for each in tried if abs(round(each.choice.eta / start, 9)) in (1, 10, 100, 1000)]
    assert len(tens) >= 2
    assert all(each.choice.lmbda == 0.0 for each in tried)
    numbers = decision(records, "eta").numbers
    by_eta = {each.choice.eta: each for each in tried}
    assert by_eta[numbers["threshold"]].falls
    assert not by_eta[numbers["above"]].falls
    assert numbers["eta"] == pytest.approx(numbers["threshold"] / 2)
    assert numbers["above"] / numbers["threshold"] == pytest.approx(2.2, abs=0.4)


@pytest.mark.parametrize("start", [100.0, 1e-4])
@pytest.mark.slow
def test_another_start_ends_within_a_point_of_the_same_accuracy(
    start: float, records: list[Any]
) -> None:
    """η is looked for downwards and upwards, and the threshold is the same."""
    data, others = few_digits(), records_from(start)
    assert decision(others, "eta").numbers["threshold"] == pytest.approx(
        decision(records, "eta").numbers["threshold"]
    )
    medians = [
        reach(data, FastNetwork, decision(each, "result").numbers, range(3)).median
        for each in (records, others)
    ]
    assert abs(medians[0] - medians[1]) <= 5, f"of 500: {medians}"
    assert medians[0] > 400


def test_a_run_is_given_more_patience_as_long_as_that_gains(records: list[Any]) -> None:
    """10 epochs, later 20, later 50: the same run goes on, and so never gets worse."""
    tried = trials(records, "epochs")
    assert [each.patience for each in tried] == [10, 20, 50][: len(tried)]
    counts = [each.correct for each in tried]
    assert counts == sorted(counts)
    numbers = decision(records, "epochs").numbers
    assert numbers["patience"] == tried[counts.index(max(counts))].patience


def test_lmbda_begins_at_1_and_goes_by_tens(records: list[Any]) -> None:
    """The best of them has the most validation digits; with λ = 0 if none gains."""
    tried = trials(records, "lmbda")
    assert [each.choice.lmbda for each in tried[:2]] == [1.0, 10.0]
    numbers = decision(records, "lmbda").numbers
    best = max(each.correct for each in tried)
    assert numbers["correct"] == best
    assert (numbers["lmbda"] > 0) == (best > numbers["without"])


def test_the_mini_batch_size_is_chosen_last_by_time(records: list[Any]) -> None:
    """η is scaled with it, and only what gets as many digits right is taken."""
    before, tried = decision(records, "eta again").numbers, trials(records, "mini-batch size")
    for each in tried:
        scaled = before["eta"] * each.choice.mini_batch_size / 10
        assert each.choice.eta == pytest.approx(scaled)
    numbers = decision(records, "mini-batch size").numbers
    chosen = str(numbers["mini_batch_size"])
    assert numbers["correct"][chosen] >= numbers["correct"]["10"]
    assert numbers["seconds"][chosen] <= numbers["seconds"]["10"]


def timed(size: int, correct: int, *seconds: float, reached: int = 2) -> Tried:
    """Return a trial of a size: epochs that took so long, the target reached in the second."""
    reports = [
        EpochReport(
            i, None, None, None, each, 1.0, None, Score(9 if i + 1 >= reached else 5, 10, 1)
        )
        for i, each in enumerate(seconds)
    ]
    choice = Choice(size / 10, 0.0, size)
    return Tried("mini-batch size", choice, 9, [], correct, 10, [1], sum(seconds), [reports])


@pytest.mark.parametrize(
    ("other", "chosen", "times"),
    [
        (timed(20, 9, 0.41, 0.5), 10, "1.22"),  # not clearly sooner
        (timed(20, 9, 0.39, 0.5), 20, "1.28"),
        (timed(20, 9, 0.9, 0.39), 20, "1.28"),  # something else ran in its first epoch
        (timed(20, 8, 0.1, 0.1), 10, "no other"),  # sooner, but less is right
        (timed(20, 9, 0.3, 0.3, 0.3, reached=3), 10, "1.11"),  # shorter epochs, but more of them
        (timed(20, 9, 0.1, 0.1, reached=3), 10, "no other"),  # never
    ],
)
def test_another_size_is_taken_only_if_it_is_clearly_sooner(
    other: Tried, chosen: int, times: str
) -> None:
    """1.25 times as fast, by the shortest epoch, which is what the clock of a busy machine keeps.

    The present size needs 2 epochs of 0.5 s, and then the same with one of them disturbed.
    """
    for seconds in ((0.5, 0.5), (2.5, 0.5), (0.5, 0.9)):
        found = tuning._soonest({10: timed(10, 9, *seconds), 20: other}, 10, 8.9)
        assert found.numbers["mini_batch_size"] == chosen
        assert found.numbers["seconds"]["10"] == pytest.approx(1.0)
        assert times in found.sentence
        assert found.sentence.count(f"Size {chosen}: ") == 1
        assert "10: 2 of 500 ms = 1 s, 9 right" in found.sentence


def test_a_size_that_gets_there_is_taken_where_the_present_one_never_does() -> None:
    """There is no factor between the two then."""
    trials = {10: timed(10, 9, 0.5, reached=2), 5: timed(5, 9, 0.5, 0.5)}
    found = tuning._soonest(trials, 10, 8.9)
    assert found.numbers["mini_batch_size"] == 5
    assert found.numbers["seconds"] == {"5": 1.0, "10": None}
    assert "Size 5: of the others with at least 9 right, 5 is soonest, and 10" in found.sentence
    assert "10: never, 9 right" in found.sentence
    assert "inf" not in found.sentence


@pytest.mark.slow
def test_every_sentence_has_the_numbers_that_made_it(records: list[Any]) -> None:
    """And none is the same where another outcome made it."""
    others = records_from(0.01, seed=3, hidden=3)
    for step in STEPS[1:-1]:
        one, other = decision(records, step), decision(others, step)
        assert re.search(r"\d", one.sentence)
        assert one.sentence != other.sentence, step
    words = decision(records, "eta")
    for name in ("threshold", "above", "eta"):
        assert f"{words.numbers[name]:g}" in words.sentence


def test_a_cost_that_leaves_the_range_of_floats_does_not_fall() -> None:
    """It is an outcome like any other."""
    tried = Tried("eta", Choice(1e9), 9, [2.0, inf], 0, 9, [-1], 0.1)
    assert (tried.rises, tried.falls) == (1, False)
    assert tried.about_cost() == "the weights leave the range of floats in epoch 1"
    level = tried._replace(costs=[2.0, 2.0])
    assert level.about_cost() == "the training cost stays in epoch 1, from 2 to 2"


def test_lmbda_over_n_stays_when_the_data_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The book's 1000 of 50,000 images is 20 of 1,000."""
    problem = tuning._Problem([64, 10], range(1000), range(9), Network, range(1))  # type: ignore[arg-type]
    found = tuning._result(Choice(0.5, 20.0), 10, problem, 50_000)
    assert found.numbers["lmbda"] == 1000.0
    assert "20 of 1,000 digits is 1000 of 50,000" in found.sentence
    same = tuning._result(Choice(0.5, 20.0), 10, problem, 1000)
    assert same.numbers["lmbda"] == 20.0
    assert "λ/n" not in same.sentence


def test_the_loops_make_the_same_first_decisions() -> None:
    """It takes a network class, and works with either engine."""
    found = []
    for network in (Network, FastNetwork):
        data = load_digits()
        small = DataSet(data.training[:50], data.validation[:50], data.test)
        kept = []
        for record in tune(small, network, hidden=3):
            if isinstance(record, Decision):
                kept.append(record.numbers)
                if record.step == "eta":
                    break
        found.append(kept)
    assert found[0][0] == found[1][0]
    assert found[0][1]["threshold"] == found[1][1]["threshold"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"eta": 0.0}, "eta: expected a finite number above 0"),
        ({"eta": 1e30}, "eta: expected a number from 1e-09 to 1e"),
        ({"eta": float("nan")}, "eta"),
        ({"hidden": 0}, "hidden: expected a whole number"),
        ({"network": 3}, "network: expected a function"),
        ({"data": 3}, "data: expected a DataSet"),
    ],
)
def test_invalid_arguments_are_named(changes: dict[str, Any], said: str) -> None:
    """At the call, not at the first record."""
    given = {"data": few_digits(), "network": FastNetwork, **changes}
    with pytest.raises(ArgumentError, match=said):
        tune(given.pop("data"), given.pop("network"), **given)


def test_without_validation_digits_nothing_can_be_chosen() -> None:
    """The test digits must not decide."""
    data = load_digits()
    with pytest.raises(DataError, match="validation data: expected training and validation"):
        tune(data._replace(validation=data.validation[:0]), FastNetwork)


# The command.


@pytest.mark.slow
def test_the_command_finds_settings_that_beat_those_of_chapter_1(
    whole: list[dict[str, Any]],
) -> None:
    """In every one of five seeds, and more than the 463 of a second hidden layer by the median."""
    *records, last = whole
    assert {each["record"] for each in records} == {"trial", "decision"}
    assert [each["step"] for each in records if each["record"] == "decision"] == STEPS
    ours, chapter_1 = last["reached"]
    assert ours["seeds"] == chapter_1["seeds"] == [0, 1, 2, 3, 4]
    assert chapter_1["correct"][0] == 459
    assert min(ours["correct"]) > max(chapter_1["correct"])
    assert sorted(ours["correct"])[2] > 463


@pytest.mark.slow
def test_the_recommended_command_reaches_its_stated_result(whole: list[dict[str, Any]]) -> None:
    """The last line of `tinynn train` is that of the first seed."""
    last = whole[-1]
    done = run(*last["command"].split()[1:])
    assert done.returncode == 0, done.stderr
    right = done.stdout.splitlines()[-1].partition(": ")[2]
    assert right == f"{last['reached'][0]['correct'][0]} / 500"


@pytest.mark.slow
def test_the_demo_recommends_the_settings_that_tune_found() -> None:
    """And over seeds 0 to 4 each run ends above every run of chapter 1's settings."""
    data = load_digits()
    given = dict(zip(TUNED[::2], TUNED[1::2]))
    assert TUNED[4:8] == ("--sizes", "64", "100", "10")
    settings = {
        "sizes": [64, 100, 10],
        "cost": given["--cost"],
        "init": given["--init"],
        "eta": float(TUNED[TUNED.index("--eta") + 1]),
        "lmbda": 0.0,
        "mini_batch_size": 10,
        "patience": int(TUNED[TUNED.index("--patience") + 1]),
    }
    ours = reach(data, FastNetwork, settings, range(5))
    chapter_1 = reach(data, FastNetwork, None, range(5))
    assert min(ours.correct) >= 463 > 459 >= max(chapter_1.correct)
    _, written = on_a_terminal("train", "--fast")
    shown = " ".join(re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written).split())
    assert " ".join(TUNED) in shown
    assert "what `tinynn tune` found" in shown


def test_a_terminal_shows_the_trials_and_ctrl_c_ends_them() -> None:
    """At 80 by 24, with nothing but a line said of it."""
    status, written = on_a_terminal("tune", "--fast", "--hidden", "5", interrupt_after="lmbda")
    assert status == 130
    assert "threshold" in written
    assert "by Ctrl-C" in written
    assert "Traceback" not in written


def test_reached_says_the_spread_over_the_seeds() -> None:
    """One seed has none."""
    assert str(Reached("x", [0, 1, 2], [5, 7, 6], 10)) == "5 to 7, median 6, of 10 (seeds 0, 1, 2)"
    assert str(Reached("x", [0], [5], 10)) == "5 of 10 (seed 0)"
