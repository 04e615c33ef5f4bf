"""The book's figures, run again: the same counts as in the book's own data files."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.helpers.docs import GUIDE
from tests.mnist import FOLDER, needs_mnist
from tests.terminal import on_a_terminal, run
from tinynn import ArgumentError, DataError, load_digits, load_mnist
from tinynn.baselines import AverageDarkness
from tinynn.cli import reproduce as command
from tinynn.datasets import expanded
from tinynn.experiments.catalogue import FIGURES, Figure, Part, chosen, figure_named, typed
from tinynn.experiments.ensembles import Ensemble
from tinynn.experiments.printed import PRINTED, Seeded
from tinynn.experiments.published import places, published
from tinynn.experiments.reproduction import Compared, Reproduction, names_of_parts
from tinynn.layers.descriptions import Convolution, Dense, Dropout, MaxPooling, Plan
from tinynn.views.reproduce import ReproductionScreen
from tinynn.views.reproduce_lines import (
    duration,
    epoch_line,
    printed_table,
    verdict_line,
    verdict_lines,
)

MNIST = {"TINYNN_DATA": str(FOLDER)}
# A figure of no book, on the digits that ship: quick, with parts that hang together.
SMALL = Part("a", sizes=(64, 5, 10), examples=100, epochs=4, measured=("test", "training"))
PARTS = (
    SMALL,
    SMALL._replace(name="b", inits=("large",), goes_on=True, lmbda=0.5),
    SMALL._replace(name="c", inits=("scaled",), examples=50, each_epoch=False),
    Part("darkness", machine="darkness", examples=1000, epochs=1),
)
FIGURE = Figure("small", "made up", 3, PARTS)


def small(**options: Any) -> Reproduction:
    """Return the made-up figure, on the loops or on NumPy."""
    digits = load_digits()
    digits = digits._replace(test=digits.test[:50])
    return Reproduction(FIGURE, digits, options.pop("engine", "pure"), **options)


def numbers(reproduction: Reproduction) -> list[tuple[str, int, dict[str, float]]]:
    """Return the measured numbers: part, epoch, numbers."""
    return [(each.part, each.epoch, dict(each.ours)) for each in reproduction.done]


# The catalogue and the book's numbers.


def test_every_figure_of_the_recipe_is_in_the_catalogue() -> None:
    """Eight figures of chapter 3 and three baselines of chapter 1."""
    assert {name for name, figure in FIGURES.items() if figure.chapter < 6} == {
        *("random_guess", "average_darkness", "svm", "overfitting", "regularized"),
        *("overfitting_full", "regularized_full", "more_data", "multiple_eta"),
        *("weight_initialization_30", "weight_initialization_100"),
    }
    assert figure_named("weight-initialization-30").name == "weight_initialization_30"
    more = FIGURES["more_data"].parts
    assert [part.epochs for part in more[:9]] == [1_500_000 // part.examples for part in more[:9]]
    assert [part.lmbda for part in more[:9]][-1] == pytest.approx(5.0)
    assert FIGURES["svm"].needs == ("MNIST", "NumPy", "scikit-learn")
    with pytest.raises(ArgumentError, match="figure: expected one of random_guess, .* got 'over'"):
        figure_named("over")


def test_the_books_numbers_ship_for_every_figure() -> None:
    """Each part has at least one number to compare with, whose epoch is one of that part."""
    for figure in FIGURES.values():
        for part in figure.parts:
            if part.name == "of today" or figure.is_seeded:
                continue
            series = published(figure.name, part.name)[figure.compared]
            assert set(series) <= set(range(part.epochs)), f"{figure.name}, {part.name}"


@pytest.mark.ch3
def test_the_accuracies_that_the_book_prints_are_best_epochs_of_its_files() -> None:
    """82.27 in epoch 374, 87.1 in 383, 97.86 in 29, 95.33 in 24 and 96.49 in 28."""
    found = []
    for figure in FIGURES.values():
        for name, epoch in figure.printed:
            series = published(figure.name)[name]
            assert series[epoch] == max(series.values())
            assert min(e for e in series if series[e] == series[epoch]) == epoch
            found.append((figure.name, series[epoch], epoch))
    assert sorted(found) == [
        ("overfitting", 8227, 374),
        ("overfitting_full", 9533, 24),
        ("overfitting_full", 48932, 29),
        ("regularized", 8710, 383),
        ("regularized_full", 9649, 28),
    ]


@pytest.mark.ch6
def test_every_experiment_of_chapter_6_has_what_the_book_prints_of_it() -> None:
    """η, λ (ten times the book's, whose is divided by the mini-batches), epochs, percent."""
    sigmoid, relu = (0.1, 0.0, 60), (0.03, 1.0, 60)
    of = {name: figure for name, figure in FIGURES.items() if figure.chapter == 6}
    nets = {name: figure.parts[0] for name, figure in of.items()}
    printed = {name: [p.percent for p in each.parts if p.percent] for name, each in of.items()}
    assert printed == {
        "shallow": [97.80],
        "one_convolution": [98.78],
        "without_dense": [],
        "two_convolutions": [99.06],
        "tanh": [],
        "relu": [99.23],
        "expanded": [99.37],
        "wider": [99.46, 99.43],
        "doubled": [99.43, 99.48, 99.47],
        "dropout": [99.60],
        "five_nets": [99.67],
    }
    assert {name: (p.eta, p.lmbda, p.epochs) for name, p in nets.items()} == {
        **dict.fromkeys(list(of)[:5], sigmoid),
        **dict.fromkeys(list(of)[5:9], relu),
        **dict.fromkeys(list(of)[9:], (0.03, 0.0, 40)),
    }
    assert [name for name, p in nets.items() if p.expand == "shift"] == list(of)[6:]
    plans = {name: Plan(p.sizes) for name, p in nets.items()}
    assert plans["one_convolution"].weight_shapes[4] == (100, 2880)
    assert plans["two_convolutions"].weight_shapes[6] == (100, 640)
    assert [l for l in plans["dropout"].dropout] == [6, 8, 10], "the inputs of all dense layers"
    assert all(plan.output_function.name == "softmax" for plan in plans.values())


@pytest.mark.ch6
def test_the_guide_names_each_experiment_of_chapter_6_with_its_numbers() -> None:
    """A row for each: its time, what the book prints, and how many epochs ran here."""
    for figure in FIGURES.values():
        if figure.chapter == 6:
            (row,) = [line for line in GUIDE.splitlines() if line.startswith(f"| `{figure.name}`")]
            _, _, _, time, book, here, epochs, _ = [cell.strip() for cell in row.split("|")]
            assert time == duration(figure.seconds)
            percents = [f"{part.percent:.2f}" for part in figure.parts if part.percent]
            assert book == (f"{', '.join(percents)} %" if percents else "")
            ran, _, of = epochs.split()
            assert int(of) == figure.parts[0].epochs >= int(ran)
            assert (here == "not run") == (ran == "0")


@needs_mnist
@pytest.mark.ch6
@pytest.mark.whole
def test_the_guides_convolutions_get_98_8_percent_of_the_test_digits(tmp_path: Path) -> None:
    """The median of seeds 0 to 2, at the best epoch on the validation digits."""
    (command,) = re.findall(r"^tinynn (train .*Convolution\(20.*)$", GUIDE, re.MULTILINE)
    log = tmp_path / "log.jsonl"
    done = run(*shlex.split(command), "--runs", "3", "--log", str(log), **MNIST)
    assert done.returncode == 0, done.stderr
    reports = [line for line in map(json.loads, log.read_text().splitlines()) if "epoch" in line]
    of = [reports[i : i + 7] for i in (0, 7, 14)]
    best = [max(each, key=lambda report: report["validation"]["correct"]) for each in of]
    assert sorted(report["test"]["correct"] for report in best)[1] >= 9880


# Ours beside the book's.


@needs_mnist
@pytest.mark.ch3
@pytest.mark.parametrize("name", ["overfitting", "regularized"])
def test_ten_epochs_on_1000_images_have_the_books_counts(name: str) -> None:
    """Test and training digits right, and both costs to four decimals."""
    reproduction = Reproduction(FIGURES[name], load_mnist(FOLDER), epochs=10)
    for each in reproduction:
        for key in ("test_correct", "training_correct", "test_cost", "training_cost"):
            assert each.same(key), f"epoch {each.epoch}: {key}: {each.ours} and {each.book}"
    assert [each.ours["test_correct"] for each in reproduction.done][:3] == {
        "overfitting": [5887, 6505, 6970],
        "regularized": [5898, 6512, 6986],
    }[name]
    assert verdict_line(reproduction, reproduction.figure.parts[0]).startswith("10 of 10 epochs")


@needs_mnist
@pytest.mark.ch3
@pytest.mark.slow
def test_the_loops_agree_with_the_book_too() -> None:
    """The first two epochs of overfitting on the loops: 690 and 749 of the 1,000 images."""
    figure = FIGURES["overfitting"]
    part = figure.parts[0]._replace(measured=("training",))
    figure = figure._replace(parts=(part,), compared="training_correct")
    reproduction = Reproduction(figure, load_mnist(FOLDER), "pure", epochs=2)
    assert [each.ours["training_correct"] for each in reproduction] == [690, 749]
    assert [each.same("training_cost") for each in reproduction.done] == [True, True]


@needs_mnist
@pytest.mark.ch3
@pytest.mark.parametrize(
    ("name", "part", "first"),
    [
        ("weight_initialization_30", "scaled", 9270),
        ("weight_initialization_30", "large", 8643),
        ("weight_initialization_100", "large", 8994),
        ("overfitting_full", "", 9136),
    ],
)
def test_the_first_epoch_on_50000_images_has_the_books_count(
    name: str, part: str, first: int
) -> None:
    """A part that comes after another has its draws and shuffles, though that one is left out."""
    reproduction = Reproduction(FIGURES[name], load_mnist(FOLDER), epochs=1, only=[part])
    (compared,) = reproduction
    assert compared.ours[reproduction.figure.compared] == first
    assert compared.same(reproduction.figure.compared)


@needs_mnist
@pytest.mark.ch3
def test_the_second_learning_rate_has_the_books_cost_after_an_epoch() -> None:
    """η = 0.25, after the draws of a network and 30 shuffles for η = 0.025: 0.495."""
    figure = FIGURES["multiple_eta"]
    (compared,) = Reproduction(figure, load_mnist(FOLDER), epochs=1, only=["eta 0.25"])
    assert round(compared.ours["training_cost"], 3) == 0.495
    assert compared.same("training_cost")


@needs_mnist
@pytest.mark.ch1
def test_the_darkness_of_an_image_has_the_books_count() -> None:
    """22.25 %, as chapter 1 prints it."""
    (compared,) = Reproduction(FIGURES["average_darkness"], load_mnist(FOLDER))
    assert (compared.ours["test_correct"], compared.same("test_correct")) == (2225, True)


@needs_mnist
@pytest.mark.ch3
def test_an_svm_on_the_first_images_has_the_books_accuracy() -> None:
    """25.07, 48.93 and 75.13 % of the validation images after 100, 200 and 500."""
    pytest.importorskip("sklearn")
    names = [f"SVM, {n} images" for n in (100, 200, 500)]
    done = list(Reproduction(FIGURES["more_data"], load_mnist(FOLDER), only=names))
    assert [each.ours["validation_correct"] for each in done] == [2507, 4893, 7513]
    assert all(each.same("validation_correct") for each in done)


@needs_mnist
@pytest.mark.ch3
@pytest.mark.whole
@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("overfitting", [400]),
        ("regularized", [400]),
        ("regularized_full", [2]),
        ("weight_initialization_30", [30, 30]),
        ("weight_initialization_100", [2, 2]),
    ],
)
def test_a_whole_figure_has_the_books_counts(name: str, same: list[int]) -> None:
    """Epoch for epoch, and the best epochs that the book prints among them."""
    reproduction = Reproduction(FIGURES[name], load_mnist(FOLDER))
    for _ in reproduction:
        pass
    verdicts = [reproduction.verdict(part) for part in reproduction.figure.parts]
    assert [(each.same, each.of) for each in verdicts] == [(n, n) for n in same]
    for key, epoch in reproduction.figure.printed:
        best = max(reproduction.done, key=lambda each: each.ours[key])
        assert (best.epoch, best.same(key)) == (epoch, True)


@needs_mnist
@pytest.mark.ch3
def test_the_note_on_overfitting_full_is_true() -> None:
    """Epochs 0 and 1 are the book's; in epoch 2 the costs are, and a count is one apart at most."""
    figure = FIGURES["overfitting_full"]
    assert "in epoch 2 the costs still agree to four decimals" in figure.why
    for each in Reproduction(figure, load_mnist(FOLDER), epochs=3):
        for key in each.book:
            most = 1 if each.epoch == 2 and key.endswith("correct") else 0
            apart = 0 if each.same(key) else abs(each.ours[key] - each.book[key])
            assert apart <= most, f"epoch {each.epoch}: {key}: {each.ours} and {each.book}"


def test_a_difference_is_named_from_where_on_and_by_how_much() -> None:
    """Of three counts the last two are apart, by 1 and by 7: 1 of 3, from epoch 1 on, at most 7."""
    reproduction = Reproduction(FIGURES["overfitting_full"], load_digits())
    for epoch, apart in enumerate((0, 1, -7)):
        book = {"test_correct": published("overfitting_full")["test_correct"][epoch]}
        ours = {"test_correct": book["test_correct"] + apart}
        reproduction.done.append(Compared("", epoch, ours, book, {"test_correct": 0}))
    verdict = reproduction.verdict(reproduction.figure.parts[0])
    assert verdict[2:] == (1, 3, 1, 7)
    *_, why, last = verdict_lines(reproduction)
    assert last.startswith("1 of 3 epochs: the same count; from epoch 1 on they differ")
    assert last.endswith("by at most 7")
    assert why.startswith("why they differ: ")


@pytest.mark.ch1
def test_the_verdict_on_a_baseline_names_no_epoch() -> None:
    """1,022 right guesses are 22 more than the book's tenth of 10,000, once."""
    figure = FIGURES["random_guess"]
    reproduction = Reproduction(figure, load_digits())
    both = {"test_correct": 1022}, {"test_correct": 1000}, {"test_correct": 0}
    reproduction.done.append(Compared("", 0, *both))
    lines = [epoch_line(reproduction, figure.parts[0], reproduction.done[0])]
    lines += verdict_lines(reproduction)
    assert lines[0].startswith("1022 / 500, the book 1000")
    assert lines[-1] == "0 of 1 run: the same count; they differ by 22"
    assert "poch" not in " ".join(lines)


def test_a_cost_is_the_same_to_the_decimals_that_the_book_has() -> None:
    """0.495 is known to three decimals: 0.49549 is the same, 0.4956 is not."""
    assert places({0: 0.495, 29: 0.339}) == 3
    for ours, same in ((0.49549, True), (0.4956, False), (0.4944, False)):
        compared = Compared("", 0, {"a_cost": ours}, {"a_cost": 0.495}, {"a_cost": 3})
        assert compared.same("a_cost") is same
    assert Compared("", 0, {"a_cost": 1.0}, {}, {}).same("a_cost") is None


# Shortened, stopped and gone on with.


def test_parts_left_out_still_make_their_draws() -> None:
    """Part b after four epochs of a, after one, and after none begins with the same epoch."""
    whole, shortened, alone = small(), small(epochs=1), small(epochs=1, only=["b"])
    found = []
    for each in (whole, shortened, alone):
        list(each)
        found.append(each.of(PARTS[1])[0].ours)
    assert found[0] == found[1] == found[2]
    assert [each.part for each in shortened.done] == ["a", "b", "c", "darkness"]
    assert [each.epoch for each in whole.done] == [0, 1, 2, 3, 0, 1, 2, 3, 3, 0]
    assert whole.epochs_done == whole.to_come == 13


def test_both_engines_give_the_same_counts() -> None:
    """The made-up figure on the loops and on NumPy."""
    pytest.importorskip("numpy")
    pure, fast = small(epochs=2), small(epochs=2, engine="fast")
    for ours, theirs in zip(pure, fast):
        assert ours.ours == pytest.approx(theirs.ours, rel=1e-9)


@pytest.mark.parametrize("after", [1, 3, 4, 5, 8, 9, 11, 12])
def test_a_stopped_run_continues_to_the_same_numbers(after: int, tmp_path: Path) -> None:
    """After each of 13 epochs, through a file: the same numbers as without a stop."""
    whole, first, rest = small(), small(), small()
    list(whole)
    for _ in range(after):
        next(first)
    first.save(tmp_path / "kept.json")
    assert rest.resume(tmp_path / "kept.json")
    assert rest.epochs_done == after
    list(rest)
    assert numbers(rest) == numbers(whole)


@pytest.mark.parametrize("batch", [1, 5, 10])
def test_an_interrupted_epoch_starts_again(batch: int, tmp_path: Path) -> None:
    """Ctrl-C within part b: what is kept is what was done before that epoch."""
    whole, first, rest = small(), small(), small()
    list(whole)
    for _ in range(5):
        next(first)
    calls = 0

    def interrupt(progress: object) -> None:
        nonlocal calls
        calls += 1
        if calls == batch:
            raise KeyboardInterrupt

    first.watch(interrupt)
    with pytest.raises(KeyboardInterrupt):
        next(first)
    first.save(tmp_path / "kept.json")
    assert rest.resume(tmp_path / "kept.json")
    list(rest)
    assert numbers(rest) == numbers(whole)


def test_a_checkpoint_of_another_run_is_not_continued(tmp_path: Path) -> None:
    """Other epochs or parts: False; no checkpoint at all: an error that says so."""
    first = small()
    next(first)
    first.save(tmp_path / "kept.json")
    for other in (small(epochs=2), small(only=["a"])):
        assert not other.resume(tmp_path / "kept.json")
        assert other.done == []
    pytest.importorskip("numpy")
    assert not small(engine="fast").resume(tmp_path / "kept.json")
    first.run.network.save(tmp_path / "net.json")  # type: ignore[union-attr]
    with pytest.raises(DataError, match="does not contain a figure to continue"):
        first.resume(tmp_path / "net.json")


def test_wrong_arguments_are_rejected() -> None:
    """Each by its name, with what was expected."""
    with pytest.raises(ArgumentError, match="engine: expected fast or pure, got 'slow'"):
        small(engine="slow")
    with pytest.raises(ArgumentError, match="epochs: expected a whole number of at least 1"):
        small(epochs=0)
    with pytest.raises(ArgumentError, match="parts: expected some of 'a', 'b', .*got 'd'"):
        small(only=["d"])
    with pytest.raises(ArgumentError, match="figure: expected a Figure"):
        Reproduction("overfitting", load_digits())  # type: ignore[arg-type]


# Seeds of our own: chapter 6.

NET = (1, 8, 8), Convolution(2, 3, "relu"), MaxPooling(2), Dropout(0.5), Dense(10, "softmax")
OWN = Part("net 0", sizes=NET, inits=("scaled",), examples=20, epochs=2, eta=0.1, seed=0)
OWN = OWN._replace(measured=("validation", "test"), cost="log-likelihood", expand="shift")
VOTERS = (*(OWN._replace(name=f"net {i}", seed=i) for i in range(3)), Part("vote", "vote", seed=0))


def voters(**options: Any) -> Reproduction:
    """Return three small networks with a convolution and dropout, and their vote, on NumPy."""
    pytest.importorskip("numpy")
    digits = load_digits()
    digits = digits._replace(test=digits.test[:50], validation=digits.validation[:50])
    figure = Figure("voters", "made up", 6, VOTERS)
    return Reproduction(figure, digits, **options)


@pytest.mark.ch6
def test_a_run_of_chapter_6_is_that_of_train_with_the_same_seed() -> None:
    """Of seed 5 and the parts after it; the vote is that of an Ensemble by the book's rule."""
    done = voters(seed=5)
    list(done)
    from tinynn.fast import Network

    how: dict[str, Any] = {"cost": "log-likelihood", "init": "scaled", "dtype": "float32"}
    nets = [Network([*NET], seed=seed, **how) for seed in (5, 6, 7)]
    data, training = done.data, expanded(load_digits().training[:20])
    for seed, net in enumerate(nets, start=5):
        reports = net.train(training, 2, 10, 0.1, test_data=data.test, seed=seed).finish()
        ours = [each.ours["test_correct"] for each in done.of(VOTERS[seed - 5])]
        assert ours == [report.correct for report in reports]
    vote = Ensemble(nets, "book").evaluate(data.test)
    assert done.of(VOTERS[3])[0].ours == {"test_correct": vote}


@pytest.mark.ch6
@pytest.mark.parametrize("after", [1, 2, 5, 6])
def test_networks_that_vote_go_on_to_the_same_vote(after: int, tmp_path: Path) -> None:
    """Stopped after each of these epochs: the answers of the networks before are kept."""
    whole, first, rest = voters(), voters(), voters()
    list(whole)
    for _ in range(after):
        next(first)
    first.save(tmp_path / "kept.json")
    assert not voters(seed=1).resume(tmp_path / "kept.json"), "another seed is another run"
    assert rest.resume(tmp_path / "kept.json")
    list(rest)
    assert numbers(rest) == numbers(whole)


@pytest.mark.ch6
def test_the_best_epoch_is_the_last_of_the_best_on_the_validation_digits() -> None:
    """Of 40, 41, 41 and 39 right it is epoch 2, whatever the test digits say."""
    done = voters(only=["net 0", "net 1"])
    for epoch, (held, test) in enumerate([(40, 45), (41, 43), (41, 42), (39, 44)]):
        ours = {"validation_correct": held, "test_correct": test}
        done.done.append(Compared("net 0", epoch, ours, {}, {}))
    best = done.best(VOTERS[0])
    assert best is not None
    assert (best.epoch, best.ours["test_correct"]) == (2, 42)
    (line,) = verdict_lines(done)
    assert line == (
        "net 0: the best epoch on the validation digits is epoch 2:\n"
        "  test 84.00 %, after 4 of 2 epochs"
    )
    assert epoch_line(done, VOTERS[0], best) == "net 0: Epoch 2: 42 / 50, validation 41 / 50"


@pytest.mark.ch6
def test_a_seed_goes_with_chapter_6_only() -> None:
    """The message says what to leave out; a vote needs the networks that vote."""
    with pytest.raises(ArgumentError, match="seed: small uses the book's seed"):
        small(seed=1)
    with pytest.raises(ArgumentError, match="parts: vote needs the networks"):
        voters(only=["vote"])
    for figure in ("overfitting", "printed"):
        done = run("reproduce", figure, "--seed", "1")
        assert done.returncode == 2
        assert "--seed needs a figure of chapter 6" in done.stderr


@needs_mnist
@pytest.mark.ch6
def test_the_command_runs_an_experiment_of_chapter_6(own_cache: Path) -> None:
    """An epoch of the shallow network, as JSON, beside the 97.80 of the book."""
    done = run("reproduce", "shallow", "--epochs", "1", "--seed", "1", "--json", **MNIST)
    assert done.returncode == 0, done.stderr
    written = json.loads(done.stdout)
    (part,) = written["parts"]
    assert (written["seed"], part["book"], part["of_epochs"]) == (1, 97.80, 60)
    best = max(part["epochs"], key=lambda each: each["ours"]["validation_correct"])
    assert part["best_epoch"] == best["epoch"]
    assert part["percent"] == pytest.approx(best["ours"]["test_correct"] / 100)
    assert 90.0 < part["percent"] < 97.0


# On the command line.


def test_the_command_lists_the_figures() -> None:
    """Each with its needs and its time; as JSON too."""
    done = run("reproduce")
    assert (done.returncode, done.stderr) == (0, "")
    for name in FIGURES:
        assert re.search(rf"^  {name} +[\d.]+ (s|min|h) ", done.stdout, re.MULTILINE), name
    assert "chapter 1" in done.stdout
    assert "400 epochs     MNIST, NumPy" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    listed = json.loads(run("reproduce", "--json").stdout)
    assert [each["name"] for each in listed] == [*FIGURES, "printed"]
    assert listed[3]["needs"] == ["MNIST", "NumPy"]


@needs_mnist
def test_the_command_prints_each_epoch_beside_the_book() -> None:
    """Two epochs of overfitting, in a pipe; as JSON."""
    done = run("reproduce", "overfitting", "--epochs", "2", **MNIST)
    assert done.returncode == 0, done.stderr
    first, second, *_, last = done.stdout.splitlines()
    assert first == "Epoch 0: 5887 / 10000, the book 5887"
    assert second == "Epoch 1: 6505 / 10000, the book 6505"
    assert last == "2 of 2 epochs: the same count"
    found = json.loads(run("reproduce", "overfitting", "--epochs", "2", "--json", **MNIST).stdout)
    assert (found["parts"][0]["same"], found["parts"][0]["of"]) == (2, 2)
    assert found["parts"][0]["epochs"][1]["ours"]["test_correct"] == 6505


@needs_mnist
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_screen_draws_the_books_curve_and_ours(size: tuple[int, int], own_cache: Path) -> None:
    """On a terminal; it ends with the verdict, and nothing is kept of a run that is over."""
    arguments = "reproduce", "overfitting", "--epochs", "3"
    status, written = on_a_terminal(
        *arguments, columns=size[0], lines=size[1], TINYNN_DATA=str(FOLDER)
    )
    assert status == 0, written
    assert "the book █, ours as a line" in written
    assert "3 of 3 epochs: the same count" in written
    assert "the same" in written
    assert list((own_cache / "reproduce").iterdir()) == []


@pytest.mark.parametrize("width", [70, 80, 120])
def test_the_title_of_every_part_fits_the_screen(width: int) -> None:
    """From the smallest screen on: nothing of name, part and title is cut."""
    for figure in FIGURES.values():
        for part in figure.parts:
            reproduction = Reproduction(figure, load_digits(), "pure")
            reproduction._at = figure.parts.index(part)
            screen = Console(width=width, height=24, file=io.StringIO())
            with screen.capture() as capture:
                screen.print(ReproductionScreen(reproduction, screen).picture(), height=23)
            head = " ".join(capture.get().split("╭")[0].split())
            for words in (figure.name, part.name, figure.title):
                assert words in head, f"at {width} columns: {head}"


@needs_mnist
def test_ctrl_c_keeps_the_run_and_the_same_command_goes_on(own_cache: Path) -> None:
    """Stopped in the first epochs of ten: status 130; then ten of ten."""
    arguments = "reproduce", "overfitting", "--epochs", "10", "--plain"
    status, written = on_a_terminal(*arguments, interrupt_after="Epoch 2", TINYNN_DATA=str(FOLDER))
    assert status == 130, written
    assert "stopped by Ctrl-C after" in written
    done = run(*arguments, **MNIST)
    assert done.returncode == 0, done.stderr
    assert "goes on after" in done.stderr
    assert done.stdout.splitlines()[0] == "Epoch 0: 5887 / 10000, the book 5887"
    assert done.stdout.splitlines()[-1] == "10 of 10 epochs: the same count"


def test_errors_are_printed_in_one_line() -> None:
    """A wrong name, options without a figure, too many epochs, data that is no MNIST."""
    for arguments, message in (
        (["overfit"], "figure: expected one of "),
        (["--epochs", "3"], "needs the name of a figure"),
        (["overfitting", "--epochs", "0"], "--epochs: expected a whole number of at least 1"),
        (["overfitting", "--epochs", "500"], "--epochs: expected a whole number of at most 400"),
        (["overfitting", "--data", "digits"], "expected MNIST, 50,000, 10,000 and 10,000 images"),
        (["overfitting", "--data", "nowhere"], "--data: expected 'mnist' or a folder of MNIST"),
        (["printed", "--data", "nowhere"], "--data: expected 'mnist' or a folder of MNIST files"),
        (["more_data", "--parts", "7", "--data", "digits"], "--parts: expected some of "),
        (["overfitting", "--parts", "foo"], "--parts: overfitting is one run without parts"),
    ):
        done = run("reproduce", *arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr.startswith("tinynn reproduce: "), done.stderr
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    ["--engine pure", "--data x", "--seed 3", "--seeds 3", "--plain", "--parts large", "--again"],
)
@pytest.mark.parametrize("listed", [[], ["--json"]])
def test_an_option_of_a_figure_is_not_ignored_without_one(words: str, listed: list[str]) -> None:
    """Status 2, its name, and a command with a figure."""
    done = run("reproduce", *words.split(), *listed)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{words.split()[0]} needs the name of a figure" in done.stderr
    figure = {
        "--seed 3": "relu",
        "--seeds 3": "printed",
        "--parts large": "weight_initialization_30",
    }
    assert f"`tinynn reproduce {figure.get(words, 'overfitting')} {words}`" in done.stderr


def without(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `tinynn` as if a module were not installed."""
    code = (
        "import sys, importlib.util as u; find = u.find_spec;"
        f"u.find_spec = lambda name, *a: None if name == {module!r} else find(name, *a);"
        f"from tinynn.cli import main; sys.exit(main({list(arguments)!r}))"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ["overfitting", "printed"])
def test_without_numpy_one_line_names_both_ways_out(name: str) -> None:
    """Before any data is read."""
    done = without("numpy", "reproduce", name, "--data", "nowhere")
    expected = f"tinynn reproduce: {name} needs NumPy: pip install numpy, or --engine pure\n"
    assert (done.returncode, done.stderr) == (2, expected)


def test_without_scikit_learn_the_svm_is_skipped_by_name() -> None:
    """Each part that needs it; where nothing else is left, that is the error."""
    done = without("sklearn", "reproduce", "more_data", "--data", "digits")
    skipped = [line for line in done.stderr.splitlines() if "skipped" in line]
    assert len(skipped) == 1
    assert "skipped: SVM, 100 images; SVM, 200 images; " in skipped[0]
    assert skipped[0].endswith("needs scikit-learn: pip install numpy scikit-learn")
    done = without("sklearn", "reproduce", "svm", "--data", "digits")
    assert done.returncode == 2
    assert "svm needs scikit-learn: pip install" in done.stderr


@needs_mnist
@pytest.mark.slow
def test_the_printed_results_are_compared_with_ours_over_seeds(own_cache: Path) -> None:
    """A line a seed, then best, median and worst; what is done is not run again."""
    only = "--epochs", "1", "--parts", "784-30-10, η = 3"
    first = run("reproduce", "printed", "--seeds", "2", *only, **MNIST)
    assert first.returncode == 0, first.stderr
    rows = re.findall(r"seed (\d): (\S+) %", first.stdout)
    assert [seed for seed, _ in rows] == ["0", "1"]
    percents = sorted(float(percent) for _, percent in rows)
    (line,) = [line for line in first.stdout.splitlines() if re.search(r"95\.42 +2", line)]
    best, middle, worst = map(float, line.split()[-3:])
    assert [worst, best] == percents
    assert middle == pytest.approx(sum(percents) / 2, abs=0.011)
    assert "best epoch of the best of three runs" in first.stdout
    more = run("reproduce", "printed", "--seeds", "3", *only, **MNIST)
    assert re.findall(r"seed (\d):", more.stdout) == ["2"], "two are kept"
    assert re.search(r"95\.42 +3", more.stdout)
    again = run("reproduce", "printed", "--seeds", "1", "--again", "--json", *only, **MNIST)
    found = json.loads(again.stdout)
    (row,) = found["results"]
    (seed,) = row["seeds"]
    assert seed["percent"] == pytest.approx(float(rows[0][1]), abs=0.005)
    assert (found["figure"], found["engine"], found["stopped"]) == ("printed", "fast", None)
    assert (row["book"], row["what"]) == (95.42, "best epoch of the best of three runs")
    assert (row["epochs"], row["of_epochs"], row["ours"]) == (1, 30, "best epoch")
    assert row["best"] == row["median"] == row["worst"] == seed["percent"]
    longer = "--epochs", "2", *only[2:], "--seeds", "1"
    assert "after 2 of 30 epochs" in run("reproduce", "printed", *longer, **MNIST).stdout
    last = run("reproduce", "printed", "--seeds", "3", *only, **MNIST)
    assert not re.findall(r"seed (\d):", last.stdout), "a run of other epochs loses none"


@needs_mnist
def test_the_printed_table_as_json_says_that_it_was_stopped(own_cache: Path) -> None:
    """SIGTERM in the first seed: status 143, no result yet, and how it ended."""
    words = [sys.executable, "-m", "tinynn", "reproduce", "printed", "--json", "--epochs", "1"]
    process = subprocess.Popen(
        [*words, "--engine", "pure"],
        stdout=subprocess.PIPE,
        env={**os.environ, **MNIST, "PYTHONIOENCODING": "utf-8"},
    )
    kept = own_cache / "reproduce" / "printed-pure.jsonl"
    deadline = time.monotonic() + 60
    while not kept.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.terminate()
    written, _ = process.communicate(timeout=30)
    assert process.returncode == 143
    assert json.loads(written) == {
        "figure": "printed",
        "engine": "pure",
        "stopped": "by SIGTERM",
        "results": [],
    }


@pytest.mark.parametrize("epochs", [0, 29, 59])
def test_the_printed_table_fits_80_columns(epochs: int) -> None:
    """Each row under its heading, and each line below it says what the book's number is."""
    found = [Seeded(row.name, seed, row.percent) for row in PRINTED for seed in range(10)]
    head, *lines, last = printed_table(found, epochs)
    assert max(map(len, [head, *lines, last])) <= 80, max([head, *lines, last], key=len)
    assert "best epoch of each seed" in last
    for row, numbers, about in zip(PRINTED, lines[::2], lines[1::2]):
        assert numbers.startswith(f"{row.name} ")
        assert numbers.endswith(" ".join([f"{row.percent:>6.2f}"] * 3))
        assert len(numbers) == len(head)
        assert f"{row.of} digits, {row.what}" in about
        assert ("after" in about) == (0 < epochs < row.epochs)


def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    """Killed while it wrote: what is kept next begins on a line by itself, before and after."""
    path = tmp_path / "kept" / "printed-fast.jsonl"
    one, two = ({"epochs": 0, "name": "x", "seed": n, "percent": 95.0} for n in (1, 2))
    for entry in (one, two):
        with command._opened(str(path)) as file:
            command._append(file, entry)
            file.write(b'{"epochs": 0, "na')
    assert command._kept(str(path), {"epochs": 0}) == [Seeded("x", n, 95.0) for n in (1, 2)]
    assert path.read_bytes().startswith((json.dumps(one) + "\n").encode())


def test_two_programs_that_keep_results_at_a_time_lose_none(tmp_path: Path) -> None:
    """Four processes, 300 lines each, in one file: 1,200 whole lines."""
    path = tmp_path / "printed-fast.jsonl"
    code = (
        "import sys; from tinynn.cli.reproduce import _append, _opened\n"
        f"with _opened({str(path)!r}) as file:\n"
        "    for seed in range(300):\n"
        "        name = sys.argv[1] * 3000  # several of these are more than a buffer\n"
        "        _append(file, {'epochs': 0, 'name': name, 'seed': seed, 'percent': 1.0})\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, name]) for name in "abcd"]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * 4
    kept = command._kept(str(path), {"epochs": 0})
    assert {(each.name[0], each.seed) for each in kept} == {
        (name, seed) for name in "abcd" for seed in range(300)
    }
    whole = [line for line in path.read_bytes().splitlines() if line]  # an empty one does no harm
    assert len(whole) == 1200


def test_a_full_disk_does_not_end_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """A line that cannot be kept is said to be so."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with full.open("wb", buffering=0) as file:
        command._append(file, {"epochs": 0})
    assert capsys.readouterr().err.startswith("tinynn reproduce: not kept: ")


@needs_mnist
def test_a_short_look_leaves_the_run_that_was_stopped(own_cache: Path) -> None:
    """Two epochs of a figure of which more were stopped: they are not kept, and what is stays."""
    arguments = "reproduce", "overfitting", "--plain"
    on_a_terminal(*arguments, "--epochs", "60", interrupt_after="Epoch 9", TINYNN_DATA=str(FOLDER))
    (path,) = (own_cache / "reproduce").iterdir()
    before = path.read_bytes()
    short = run(*arguments, "--epochs", "2", **MNIST)
    assert short.returncode == 0
    assert "stays kept" in short.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("784-30-10, eta = 3", "784-30-10, η = 3"),
        ("784-30-10,eta=3", "784-30-10, η = 3"),
        ("784-30-10, η = 3", "784-30-10, η = 3"),
        ("784-100-10, lambda = 5, eta = 0.1", "784-100-10, λ = 5, η = 0.1"),
        ("784-100-10, lmbda = 5", "784-100-10, λ = 5"),
    ],
)
def test_a_part_with_greek_letters_can_be_typed_without_them(words: str, name: str) -> None:
    """η is eta, λ is lambda, in the names of the printed table."""
    assert chosen([row.name for row in PRINTED], [words]) == (name,)
    assert len({typed(row.name) for row in PRINTED if typed(row.name).isascii()}) == len(PRINTED)


def test_a_part_of_a_figure_can_be_named_with_its_letter_too() -> None:
    """`--parts "η 0.25"` is "eta 0.25"."""
    figure = FIGURES["multiple_eta"]
    assert names_of_parts(figure, ["η 0.25"]) == ("eta 0.25",)
    message = run("reproduce", "printed", "--parts", "x").stderr
    assert "'784-30-10, eta = 3'" in message
    assert message.split("got")[0].isascii(), "each name can be typed as it is shown"
    assert "eta for η, lambda for λ" in " ".join(run("reproduce", "--help").stdout.split())


def test_wrong_arguments_of_the_printed_table_are_rejected() -> None:
    """Named, with status 2."""
    for arguments, words in (
        (("printed", "--seeds", "0"), "--seeds"),
        (("printed", "--parts", "x"), "--parts: expected some of"),
        (("printed", "--epochs", "0"), "--epochs"),
        (("overfitting", "--seeds", "3"), "--seeds needs the table"),
    ):
        done = run("reproduce", *arguments)
        assert done.returncode == 2
        assert words in done.stderr


@needs_mnist
@pytest.mark.ch1
def test_chapter_1s_baselines_are_reproduced() -> None:
    """`tinynn reproduce average_darkness`; `tinynn baseline` is no more in the list."""
    done = run("reproduce", "average-darkness", **MNIST)
    assert done.stdout.splitlines()[-1] == "1 of 1 run: the same count"
    assert "poch" not in done.stdout, "it has none"
    data = load_mnist(FOLDER)
    right = AverageDarkness(data.training).evaluate(data.test)
    assert f"{right} / 10000" in done.stdout
    listed = run("--help").stdout
    assert "  reproduce " in listed
    assert "  baseline " not in listed
