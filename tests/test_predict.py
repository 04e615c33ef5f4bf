"""`tinynn predict`: the counts, the vote, the mistakes as pictures, one digit, and JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import on_a_terminal, run
from tests.test_views import drawn
from tinynn import Ensemble, Network, load_digits
from tinynn.cli.program import GROUPS
from tinynn.datasets import Examples
from tinynn.datasets.idx import IdxArray
from tinynn.experiments.ensembles import Vote
from tinynn.views.digit import Digit
from tinynn.views.lines import text_of
from tinynn.views.pictures import Way, greys, rows_of
from tinynn.views.votes import Poll, PollPage, as_json, verdict

DATA = load_digits()
NAMES = ("a.json", "b.json", "c.json")


def plain(written: str) -> str:
    """Text without the codes for colours and places."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Three networks that have learnt a little, and not the same."""
    folder = tmp_path_factory.mktemp("networks")
    ensemble = Ensemble([Network([64, 12, 10], seed=seed) for seed in range(3)])
    ensemble.train(DATA.training, 3, 10, 3.0, seed=0).finish()
    for name, network in zip(NAMES, ensemble.networks):
        network.save(folder / name)
    return [str(folder / name) for name in NAMES]


def loaded(files: list[str], rule: str = "plurality") -> Ensemble:
    """The same as an ensemble, on the loops."""
    return Ensemble([Network.load(file) for file in files], rule)


@pytest.mark.ch6
@pytest.mark.parametrize("rule", ["plurality", "book"])
@pytest.mark.slow
def test_predict_counts_each_network_and_the_vote(files: list[str], rule: str) -> None:
    """A line for each of three files, and one for the vote, as evaluate counts them."""
    done = run("predict", *files, "--rule", rule)
    assert done.returncode == 0, done.stderr
    ensemble = loaded(files, rule)
    right = [network.evaluate(DATA.test) for network in ensemble.networks]
    said = re.findall(r"^(\S.*?) +(\d+) of 500 right, ([\d.]+) %$", done.stdout, re.M)
    assert [int(count) for _, count, _ in said] == [*right, ensemble.evaluate(DATA.test)]
    assert [name for name, _, _ in said] == [*files, "the vote"]
    assert all(float(share) == int(count) / 5 for _, count, share in said)


@pytest.mark.ch6
def test_predict_draws_every_mistake_that_remains(files: list[str]) -> None:
    """Number, label and vote above each picture, and below it the very pixels."""
    done = run("predict", *files, "--pictures", "500")
    votes = loaded(files).votes(DATA.test)
    wrong = [i for i, vote in enumerate(votes) if not vote.is_right]
    drawn_ones = re.findall(r"(\d+): (\d)▸(\d)", done.stdout)
    assert drawn_ones == [(str(i), str(DATA.test.label(i)), str(votes[i].answer)) for i in wrong]
    assert f"{len(wrong)} mistakes remain; " in done.stdout
    lines = done.stdout.splitlines()
    top = next(i for i, line in enumerate(lines) if line.startswith(f"{wrong[0]}: "))
    picture = [line[:8].rstrip() for line in lines[top + 1 : top + 9]]
    wide = greys(rows_of(DATA.test[wrong[0]][0], 8), Way())
    assert picture == [text_of(line)[::2].rstrip() for line in wide]
    assert max(map(len, lines[5:])) <= 80


@pytest.mark.ch6
def test_both_engines_give_the_same_lines(files: list[str]) -> None:
    """--engine pure, fast, and --fast, as `tinynn train` calls it."""
    lines = {run("predict", *files, *how).stdout for how in ([], ["--engine", "pure"], ["--fast"])}
    assert len(lines) == 1


@pytest.mark.ch6
def test_one_file_gives_the_answers_of_that_network(files: list[str]) -> None:
    """No vote, and its own mistakes."""
    done = run("predict", files[0], "--pictures", "2")
    right = Network.load(files[0]).evaluate(DATA.test)
    assert f"{right} of 500 right" in done.stdout
    assert "vote" not in done.stdout
    assert f"{500 - right} mistakes remain, the first 2 here (--pictures {500 - right}" in (
        done.stdout
    )
    assert len(re.findall(r"\d+: \d▸\d", done.stdout)) == 2


@pytest.mark.ch6
def test_without_a_file_it_is_the_last_network(own_cache: Path) -> None:
    """Which `tinynn train` left; and before that, what to do."""
    nothing = run("predict")
    assert nothing.returncode == 2
    assert "run `tinynn train`" in nothing.stderr
    assert run("train", "--epochs", "1", "--sizes", "64", "5", "10").returncode == 0
    done = run("predict", "--pictures", "0")
    assert re.match(r".*last\.json +\d+ of 500 right", done.stdout)


@pytest.mark.ch6
def test_one_digit_is_shown_with_the_answer_of_each(files: list[str]) -> None:
    """The picture, a line for each file with its strongest output, and the vote."""
    done = run("predict", *files, "--digit", "7")
    x, _ = DATA.test[7]
    lines = done.stdout.splitlines()
    ensemble = loaded(files)
    assert lines[:8] == str(Digit(x, (8, 8))).splitlines()
    assert lines[8:11] == [
        f"{file}  says {net.predict(x)} ({max(net.feedforward(x)):.2f})"
        for file, net in zip(files, ensemble.networks)
    ]
    label = DATA.test.label(7)
    assert lines[11].startswith(f"The vote says {ensemble.predict(x)} (")
    assert f"the label says {label}: " in lines[11]
    alone = run("predict", files[0], "--digit", "7").stdout.splitlines()[-1]
    assert alone.startswith(f"The network says {ensemble.networks[0].predict(x)}; ")
    other = run("predict", files[0], "--digit", "7", "--part", "training").stdout
    assert f"the label says {DATA.training.label(7)}: " in other


@pytest.mark.ch6
def test_json_has_every_answer(files: list[str]) -> None:
    """Of all digits, and of one with the outputs of each network."""
    found: dict[str, Any] = json.loads(run("predict", *files, "--json").stdout)
    ensemble = loaded(files)
    votes = ensemble.votes(DATA.test)
    assert found["answers"] == [vote.answer for vote in votes]
    assert [each["file"] for each in found["networks"]] == files
    assert [each["right"] for each in found["networks"]] == [
        network.evaluate(DATA.test) for network in ensemble.networks
    ]
    assert (found["right"], found["total"]) == (ensemble.evaluate(DATA.test), 500)
    assert (found["rule"], found["data"], found["part"]) == ("plurality", "digits", "test")
    assert len(found["mistakes"]) == 500 - found["right"]
    first = found["mistakes"][0]
    assert first["answers"] == list(votes[first["digit"]].answers)
    one: dict[str, Any] = json.loads(run("predict", *files, "--digit", "3", "--json").stdout)
    assert (one["digit"], one["label"]) == (3, DATA.test.label(3))
    assert one["answer"] == ensemble.predict(DATA.test[3][0])
    assert [len(each["outputs"]) for each in one["networks"]] == [10, 10, 10]


# Mistakes of whoever types it.


@pytest.mark.slow
def test_what_does_not_fit_is_refused_in_one_line(files: list[str], tmp_path: Path) -> None:
    """Other inputs, other outputs, no network, no file, no such digit, no such rule."""
    mnist, five, text = (str(tmp_path / name) for name in ("mnist.json", "five.json", "text.json"))
    Network([784, 5, 10], seed=0).save(mnist)
    Network([64, 5], seed=0).save(five)
    Path(text).write_text("[1, 2]")
    for arguments, words in (
        ([files[0], mnist], (mnist, "784 inputs", "--data")),
        ([five, files[0]], (five, "5 outputs", "10 answers")),
        ([files[0], text], (text, "not a tinynn network")),
        (["nothing.json"], ("nothing.json", "No such file")),
        ([files[0], "4"], ("--digit 4",)),
        ([files[0], "--digit", "500"], ("--digit: expected 0 to 499, got 500",)),
        ([files[0], "--rule", "bok"], ("did you mean book?",)),
        ([files[0], "--pictures", "-1"], ("--pictures: expected a whole number",)),
    ):
        done = run("predict", *arguments)
        assert done.returncode == 2, arguments
        assert done.stderr.count("\n") == 1, done.stderr
        for each in words:
            assert each in done.stderr, done.stderr


def test_predict_is_in_the_group_of_your_own_digits() -> None:
    """As `tinynn --help` lists it."""
    assert "predict" in GROUPS["your own digits"]


# On a screen.


def test_the_counts_are_the_last_lines_on_a_screen(files: list[str]) -> None:
    """Where pictures scroll, what was counted stays in sight; no line is too long."""
    status, written = on_a_terminal("predict", *files)
    lines = plain(written).replace("\r", "").rstrip().split("\n")
    assert status == 0
    counts = "\n".join(lines[-5:])
    for name in (*NAMES, "the vote"):
        assert re.search(rf"{name} +\d+ of 500 right", counts), counts
    assert max(len(line) for line in lines if "▀" in line) <= 80
    status, written = on_a_terminal("predict", *files, "--digit", "7")
    assert status == 0
    assert "The vote says" in plain(written)


def of(size: int, count: int) -> Examples:
    """So many images of size×size pixels, all of them a 1, in grey."""
    image = IdxArray((count, size, size), bytes([2]) * size * size * count)
    return Examples(image, bytes([1]) * count, 4)


@pytest.mark.parametrize("size", [8, 28])
@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_pictures_are_as_large_as_the_screen_has_room_for(size: int, count: int) -> None:
    """One mistake is drawn large; forty are small; none says so."""
    poll = Poll(["a"], [Vote((7,), 7, False, 1)] * count or [Vote((1,), 1, False, 1)], "book")
    text = drawn(PollPage(poll, of(size, max(1, count)), 100, 40), 80)
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert text.count("1▸7") == count
    assert ("no mistake remains" in text) == (count == 0)
    if count in (1, 3):
        rows = [line for line in lines if "▒" in line]
        lines_of_one = size if size == 8 else size // 2
        assert len(rows) % lines_of_one == 0
        assert len(rows) <= 2 * lines_of_one
        assert len(lines) <= 40
    if count == 40:
        assert len([line for line in lines if "▒" in line]) < 40 * size // 2


def test_a_vote_on_one_digit_is_put_into_words() -> None:
    """How many votes, and who decided a tie."""
    tie = Poll(["a", "b"], [Vote((4, 9), 4, True, 9)], "book")
    assert "1 of 2, a tie, given to the network that comes first" in verdict(tie)
    assert verdict(tie).endswith("the label says 9: wrong.")
    assert "1 tie, given to the network that comes first" in str(PollPage(tie, of(8, 1), 1))
    assert as_json(tie)["ties"] == 1
