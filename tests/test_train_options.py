"""tinynn train: costs, layers, first weights, penalties, wrong labels, and what is written down."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import on_a_terminal, run
from tinynn import Dense, Network, load_digits
from tinynn.datasets import DataSet
from tinynn.fast import Network as FastNetwork

SMALL = ("--fast", "--epochs", "2", "--sizes", "64", "10", "--plain")


LAYERS = ("--layers", "Dense(30), Dropout(0.3), Dense(10)")


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The lines of a log."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_options_of_train_are_in_four_titled_groups() -> None:
    """And none is in two of them."""
    shown = run("train", "--help").stdout
    titles = ("the network:", "the data:", "how it learns:", "what is shown and kept:")
    places = [shown.index(f"\n{title}\n") for title in titles]
    assert places == sorted(places)
    for option in (
        "--cost",
        "--init",
        "--lmbda",
        "--penalty",
        "--log",
        "--wrong-labels",
        "--layers",
    ):
        assert len(re.findall(rf"^  {option}\b", shown, re.MULTILINE)) == 1, option


@pytest.mark.slow
def test_a_log_has_the_settings_and_then_a_line_an_epoch(tmp_path: Path) -> None:
    """The same numbers as the engine's own reports, of each set that is measured."""
    log, saved = tmp_path / "run.jsonl", tmp_path / "net.json"
    options = ("--cost", "cross-entropy", "--init", "scaled", "--lmbda", "0.5", "--penalty", "L1")
    wrong = ("--wrong-labels", "0.1", "--measure-training", "--seed", "3")
    done = run("train", *SMALL, *options, *wrong, "--log", str(log), "--save", str(saved))
    assert done.returncode == 0, done.stderr
    first, *epochs = lines_of(log)
    settings = first["run"]
    assert settings["layers"] == "[(64,), Dense(10)]"
    assert (settings["cost"], settings["init"], settings["penalty"]) == (*options[1:4:2], "L1")
    assert (settings["lmbda"], settings["eta"], settings["seed"]) == (0.5, 0.5, "3")
    data = load_digits()
    network = FastNetwork([64, 10], seed=3, cost="cross-entropy", init="scaled")
    reports = network.train(
        data.training.with_wrong_labels(0.1, seed=3),
        2,
        10,
        0.5,
        0.5,
        "L1",
        test_data=data.test,
        validation_data=data.validation,
        measure_training=True,
        seed=3,
    ).finish()
    for line, report in zip(epochs, reports):
        for name, score in report.scores.items():
            assert tuple(line[name].values()) == score, name
    assert [line["epoch"] for line in epochs] == [0, 1]
    assert "training 9" not in done.stdout
    assert re.search(r"^Epoch 1: \d+ / 500, training \d+ / 1000$", done.stdout, re.MULTILINE)
    again = run("train", "--resume", str(saved), "--epochs", "3", "--plain", "--log", str(log))
    assert again.returncode == 0, again.stderr
    assert lines_of(log)[-1]["epoch"] == 2
    assert Network.load(saved).cost.name == "cross-entropy"


def test_layers_are_named_as_repr_prints_them(tmp_path: Path) -> None:
    """With softmax the cost is the one that fits, unless another is asked for."""
    path = tmp_path / "net.json"
    layers = "Dense(5, 'tanh'), Dense(10, 'softmax')"
    done = run("train", "--layers", layers, "--epochs", "1", "--plain", "--save", str(path))
    assert done.returncode == 0, done.stderr
    network = Network.load(path)
    assert network.layers == [(64,), Dense(5, "tanh"), Dense(10, "softmax")]
    assert network.cost.name == "log-likelihood"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--layers", "Dense(10)", "--sizes", "64", "10"), "--layers and --sizes"),
        (("--layers", "Dense(9)"), "--layers: expected 64 first and 10 last"),
        (("--layers", "Dense(10, 'softmax')", "--cost", "quadratic"), "log-likelihood"),
        (("--cost", "cubic"), "expected quadratic"),
        (("--wrong-labels", "2"), "--wrong-labels: expected a share from 0 to 1"),
        (("--wrong-labels", "nan"), "--wrong-labels: expected a share from 0 to 1"),
        (("--lmbda", "-1"), "--lmbda: expected a finite number of at least 0"),
        (("--log", ""), "--log: expected the name of a file"),
        (("--log", "no/such/folder/log"), "no/such/folder/log"),
        (("--resume", "net.json", "--cost", "quadratic"), "--cost"),
        (("--resume", "net.json", "--lmbda", "1"), "--lmbda"),
        (("--resume", "net.json", "--mu", "0"), "--mu"),
        (("--resume", "net.json", "--nesterov"), "--nesterov"),
        (("--mu", "nan"), "--mu: expected a finite number"),
        (("--nesterov",), "--nesterov needs --mu"),
        (("--layers", "Dense(30), Dropout(1), Dense(10)"), "Dropout: p: expected a share"),
        (("--layers", "Dense(30), Dropout(0.5)"), "Dropout(0.5)"),
    ],
)
def test_what_does_not_fit_is_said_before_anything_is_learnt(
    options: tuple[str, ...], said: str
) -> None:
    """With status 2, and no traceback."""
    done = run("train", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "eta", "mu"),
    [
        (("--mu", "0.5"), 1.5, 0.5),
        (("--momentum", "0.75", "--nesterov", "--cost", "cross-entropy"), 0.125, 0.75),
        (("--mu", "-1e-1"), 3.0, -0.1),
        (("--mu", "0.5", "--eta", "0.25"), 0.25, 0.5),
        ((), 3.0, 0.0),
    ],
)
def test_momentum_is_an_option_of_a_run_which_goes_on_with_it(
    options: tuple[str, ...], eta: float, mu: float, tmp_path: Path
) -> None:
    """η is 1 - μ of what it is without, unless it is given; a resumed run ends in the same bits."""
    ends = []
    for epochs in (("2",), ("1", "2")):
        path = tmp_path / f"net{len(epochs)}.json"
        run("train", *SMALL, *options, "--epochs", epochs[0], "--save", str(path))
        for more in epochs[1:]:
            run("train", "--resume", str(path), "--epochs", more, "--plain")
        ends.append(json.loads(path.read_text(encoding="utf-8")))
    settings = ends[0]["run"]["settings"]
    assert (settings["eta"], settings["mu"]) == (eta, mu)
    assert settings["nesterov"] is ("--nesterov" in options)
    assert ends[0]["layers"] == ends[1]["layers"]
    assert ends[0]["run"]["velocity"] == ends[1]["run"]["velocity"]


def test_what_is_tried_next_keeps_what_was_asked_for(tmp_path: Path) -> None:
    """μ and the patience; of layers with dropout no sizes are made."""
    options = ("--fast", "--mu", "0.5", "--patience", "20", "--epochs", "6")
    for layers, sizes in ((("--sizes", "64", "30", "10"), True), (LAYERS, False)):
        _, shown = on_a_terminal("train", *options, *layers, "--eta", "1", columns=160, lines=40)
        text = " ".join(shown.split())
        assert ("--mu 0.5 --patience 20 --sizes" in text) == sizes


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schedule", []),
        ("patience", "9" * 5000),
        ("seed", 5),
        ("seed", "five"),
        ("wrong labels", "x"),
        ("data", {}),
    ],
)
def test_damaged_words_of_a_run_end_in_an_error_of_ours(
    name: str, value: Any, tmp_path: Path
) -> None:
    """What a file says about a run is text, and short."""
    path = tmp_path / "net.json"
    run("train", *SMALL, "--epochs", "1", "--save", str(path))
    parts = json.loads(path.read_text(encoding="utf-8"))
    parts["run"]["about"][name] = value
    path.write_text(json.dumps(parts), encoding="utf-8")
    done = run("train", "--resume", str(path), "--epochs", "2")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert str(path) in done.stderr


def test_the_screen_shows_what_dropout_leaves() -> None:
    """Of the run's own masks, while it learns."""
    _, text = on_a_terminal("train", "--fast", *LAYERS, "--epochs", "3", columns=100, lines=40)
    assert re.search(r"layer 3: dropout leaves \d+ of 30", text)


def test_a_disk_that_is_full_does_not_end_a_run() -> None:
    """The log stops, and says so."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = run("train", *SMALL, "--log", "/dev/full")
    assert done.returncode == 0
    assert "/dev/full: No space left on device" in done.stderr
    assert "Epoch 1:" in done.stdout


@pytest.mark.slow
def test_a_network_that_starts_saturated_is_named_in_a_line() -> None:
    """Large first weights and many inputs: σ' is close to 0."""
    tanh = ("--layers", "Dense(30, 'tanh'), Dense(10, 'tanh')", "--init", "large")
    done = run("train", *tanh, "--epochs", "1", "--plain")
    assert "starts saturated" in done.stderr
    assert "--init scaled" in done.stderr
    assert "starts" not in run("train", *SMALL).stderr


def test_the_screen_says_how_the_best_epoch_is_chosen_and_draws_two_sets() -> None:
    """By the validation digits; accuracy and cost of test and training data over each other."""
    options = ("--fast", "--epochs", "3", "--sizes", "64", "10", "--measure-training")
    status, screen = on_a_terminal("train", *options, columns=100, lines=36)
    assert status == 0
    assert "best by validation" in screen
    assert "chosen by" in screen  # the validation digits: the line may be broken
    assert "accuracy: test █, training as a line" in screen
    assert "cost C: test █, training as a line" in screen


def test_data_without_validation_examples_trains_as_before() -> None:
    """Then the best epoch is the best on the test data."""
    data = load_digits()
    parts = DataSet(data.training[:50], data.validation[:0], data.test[:20])
    run = Network([64, 10], seed=0).train(
        parts.training, 1, 10, 0.5, test_data=parts.test, validation_data=None, seed=0
    )
    assert run.finish()[0].chosen_by == "test"
