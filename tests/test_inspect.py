"""`tinynn inspect`: weights as pictures, the confusion matrix, and the curves of logs."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.test_views import drawn
from tinynn import Matrix, Network, Vector, load_digits
from tinynn.cli.program import run

DATA = load_digits()


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> str:
    """64-2-10: hidden neuron 1 likes ink in pixel 37 and dislikes it in pixel 1."""
    net = Network([64, 2, 10], seed=0)
    w = [[0.0] * 64, [1.0] * 64]
    w[0][36], w[0][0] = 4.0, -2.0
    weights = [Matrix(w), net.weights[1]]
    biases = [Vector([-1.0, 0.0]), net.biases[1]]
    path = str(tmp_path_factory.mktemp("inspect") / "net.json")
    Network.from_parameters(biases, weights).save(path)
    return path


@pytest.mark.ch1
def test_a_weight_is_a_picture_with_its_sign_where_it_is(corner: str, capsys: Any) -> None:
    """w^2_1,37 = 4 is in row 5, column 5: full and +; w^2_1,1 = -2 is first, half as strong."""
    assert run(["inspect", "weights", corner, "--plain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "layer 2, Dense(2): 2 times 64 weights, the strongest 4.00"
    assert lines[1].split() == ["w^2_1", "w^2_2"]
    assert lines[2][:16] == "−▒" + " " * 14
    assert lines[6][:16] == " " * 8 + "+█" + " " * 6
    assert lines[2][18:] == "+░" * 8


@pytest.mark.ch1
def test_one_neuron_is_shown_beside_the_digits_that_excite_it(corner: str, capsys: Any) -> None:
    """z^2_1 = 4 x_37 - 2 x_1 - 1: the most is 3, of digits with full ink there and none here."""
    assert run(["inspect", "weights", corner, "--neuron", "2:1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    z = [4 * x[36] - 2 * x[0] - 1 for x, _ in DATA.test]
    assert [each["z"] for each in printed["most"]] == sorted(z, reverse=True)[:5]
    assert [each["z"] for each in printed["least"]] == sorted(z)[:5]
    assert all(z[each["digit"]] == each["z"] for each in printed["most"] + printed["least"])
    assert all(DATA.test.label(each["digit"]) == each["label"] for each in printed["most"])
    assert printed["bias"] == -1.0
    assert run(["inspect", "weights", corner, "--neuron", "2:1", "--plain"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("neuron 2:1: 64 weights from -2 to 4, b^2_1 = -1\n")
    assert f"{printed['most'][0]['digit']}: {printed['most'][0]['label']}, z 3" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.ch6
def test_a_neuron_in_a_map_has_the_weights_of_its_map(tmp_path: Path, capsys: Any) -> None:
    """2 maps of 6×6: neuron 40 is in map 2, row 1, column 4; its z is (125)'s of that place."""
    from tinynn import Convolution

    net = Network([(1, 8, 8), Convolution(2, 3), 10], seed=0)
    path = str(tmp_path / "net.json")
    net.save(path)
    assert run(["inspect", "weights", path, "--neuron", "2:40", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["weights"] == [*net.weights[0][1]]
    most = printed["most"][0]
    assert net.forward(DATA.test[most["digit"]][0])[2].z[39] == pytest.approx(most["z"])
    assert run(["inspect", "weights", path, "--neuron", "2:40"]) == 0
    assert "neuron 2:40 in map 2, row 1, column 4: 9 weights" in capsys.readouterr().out


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
@pytest.mark.parametrize("colour", [True, False])
def test_as_many_weights_as_fit_are_drawn(width: int, height: int, colour: bool) -> None:
    """30 fields of 8×8 fit, in colour; of 28×28 some do, and the last line says how to go on."""
    from tinynn.views.weights import NeuronPage, Weights, inspected

    small, large = Network([64, 30, 10], seed=0), Network([784, 30, 10], seed=0)
    neuron = inspected(small, DATA.test[:60], 2, 7)
    pages: list[Any] = [
        Weights(small, 2, height - 1),
        Weights(large, 2, height - 1),
        NeuronPage(neuron, height),
    ]
    for page in pages:
        text = re.sub(r"\x1b\[[0-9;]*m", "", drawn(page, width, colour=colour))
        assert len(text.splitlines()) < height
        assert max(map(len, text.splitlines())) <= width
        names = len(re.findall(r"w\^2_\d+", text))
        if page is pages[0] and colour:
            assert names == 30
        elif page is pages[1]:
            assert f"1 to {names} of 30; --first {names + 1} goes on" in text


def test_where_there_are_no_half_blocks_pictures_have_signs_and_shades() -> None:
    """A terminal in colour, whose encoding is ASCII."""
    from rich.console import Console

    from tinynn.views.digit import Digit
    from tinynn.views.lines import Stack, is_coloured
    from tinynn.views.pictures import Way, signs

    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="tinynn")
    console = Console(file=file, force_terminal=True, color_system="truecolor", width=80)
    weights = Stack(*signs([[1.0, 0.0, -1.0]], Way(), 80, is_coloured(console)))
    console.print(weights, Digit(Vector([1.0, 0.0]), (1, 2), True))
    file.flush()
    assert isinstance(file.buffer, io.BytesIO)
    assert file.buffer.getvalue() == b"+#  -#\n: \n"


def test_the_sign_of_a_weight_is_told_without_hue() -> None:
    """In colour the numbers above 0 are lighter than 0, those below darker, and have their sign."""
    from tinynn.views.lines import Stack
    from tinynn.views.pictures import Way, signs

    written = drawn(Stack(*signs([[1.0, 0.0, -1.0]], Way(), 80, True)), colour=True)
    light = [sum(map(int, rgb)) for rgb in re.findall(r"48;2;(\d+);(\d+);(\d+)m", written)]
    assert light == sorted(light, reverse=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", written) == "+   − \n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--neuron", "2:3"], "--neuron: expected 2:1 to 2:2 or 3:1 to 3:10, got '2:3'"),
        (["--neuron", "2:1", "--layer", "2"], "--layer cannot go with --neuron"),
        (["--first", "3"], "--first: expected a whole number of at most 2, got 3"),
        (["--first", "0"], "--first: "),
        (["--layer", "1"], "--layer: expected 2 or 3, which have weights, got 1"),
    ],
)
def test_what_is_asked_of_weights_is_checked(
    corner: str, arguments: list[str], words: str, capsys: Any
) -> None:
    """In one line."""
    assert run(["inspect", "weights", corner, *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


# Confusion.


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> str:
    """64-12-10 after two epochs, which still makes mistakes."""
    net = Network([64, 12, 10], seed=0)
    net.train(DATA.training, 2, 10, 3.0, seed=0).finish()
    path = str(tmp_path_factory.mktemp("inspect") / "net.json")
    net.save(path)
    return path


@pytest.mark.ch1
def test_confusion_counts_the_answers_and_sorts_the_mistakes(learnt: str, capsys: Any) -> None:
    """The matrix of `Network.answers`; of the mistakes, the strongest wrong output is first."""
    net = Network.load(learnt)
    assert run(["inspect", "confusion", learnt, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    table = net.answers(DATA.test).confusion
    assert printed["confusion"] == table
    assert [(each["right"], each["of"]) for each in printed["digits"]] == [
        (row[digit], sum(row)) for digit, row in enumerate(table)
    ]
    assert printed["digits"][4]["accuracy"] == table[4][4] / sum(table[4])
    strengths = [each["strength"] for each in printed["mistakes"]]
    assert len(strengths) == 500 - net.evaluate(DATA.test)
    assert strengths == sorted(strengths, reverse=True)
    worst = printed["mistakes"][0]
    outputs = net.feedforward(DATA.test[worst["digit"]][0])
    assert outputs[worst["said"]] == max(outputs) == pytest.approx(worst["strength"])
    assert DATA.test.label(worst["digit"]) == worst["label"] != worst["said"]
    assert run(["inspect", "confusion", learnt, "--pictures", "500"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{net.evaluate(DATA.test)} of 500 right")
    assert f"({table[4][4]})" in lines[6]
    assert lines[6].endswith(f"{100 * table[4][4] / sum(table[4]):.1f} % of {sum(table[4])}")
    captions = re.findall(r"(\d+): (\d)▸(\d) ", "\n".join(lines))
    assert captions == [
        (str(each["digit"]), str(each["label"]), str(each["said"])) for each in printed["mistakes"]
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.ch1
def test_confusion_of_one_digit(learnt: str, capsys: Any) -> None:
    """--digit 4: its row, its accuracy, and its mistakes alone."""
    assert run(["inspect", "confusion", learnt, "--digit", "4", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["digit"] for each in printed["digits"]] == [4]
    assert {each["label"] for each in printed["mistakes"]} == {4}
    assert run(["inspect", "confusion", learnt, "--digit", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "right of the digit 4" in lines[0]
    assert [line[0] for line in lines[2:4]] == ["4", "4"]
    assert " read as " in lines[3]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_page_of_the_confusion_fits(width: int, height: int) -> None:
    """Also where the counts are as large as MNIST's; the diagonal is dim, and has brackets."""
    from tinynn.views.confusion import Confusion, ConfusionPage, Mistake, row_line
    from tinynn.views.lines import text_of

    table = [[1001 if right == said else 10 for said in range(10)] for right in range(10)]
    found = Confusion(table, [Mistake(i, 9, 4, 0.9) for i in range(400)])
    written = drawn(ConfusionPage(found, DATA.test, 30, height), width, colour=True)
    text = re.sub(r"\x1b\[[0-9;]*m", "", written)
    assert text_of(row_line(found, 0)) in text.splitlines()
    assert len(text.splitlines()) < height
    assert max(map(len, text.splitlines())) <= width
    assert re.search(r"\x1b\[2m\(1001\)\x1b\[0m", written)
    assert f"400 mistakes, the {text.count('▸4')} most confident" in text


def test_a_network_that_makes_no_mistake_has_none_to_show() -> None:
    """And a digit that is not in the data has no accuracy."""
    from tinynn.views.confusion import Confusion, ConfusionPage

    lines = str(ConfusionPage(Confusion([[3, 0], [0, 0]], []), DATA.test, 30)).splitlines()
    assert lines[2:4] == ["0 (3) ·  100.0 % of 3", "1  · (0)       – of 0"]
    assert lines[-1] == "no mistake"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--digit", "10"], "--digit: expected 0 to 9, got 10"),
        (["--data", "nowhere"], "--data: expected 'digits', 'mnist' or a folder"),
        (["--pictures", "-1"], "--pictures: "),
    ],
)
def test_what_is_asked_of_the_confusion_is_checked(
    learnt: str, arguments: list[str], words: str, capsys: Any
) -> None:
    """In one line."""
    assert run(["inspect", "confusion", learnt, *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


# Curves.


def log(path: Path, *lines: object) -> str:
    """A log with these lines."""
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return str(path)


def epoch(number: int, correct: int, cost: object, *sets: str) -> dict[str, object]:
    """The line of an epoch: 100 examples in each set."""
    score = {"correct": correct, "of": 100, "cost": cost}
    return {"epoch": number, "eta": 3.0, **{name: score for name in sets or ("test",)}}


@pytest.mark.ch3
def test_curves_draws_the_log_that_train_writes(tmp_path: Path, capsys: Any) -> None:
    """Two epochs: the numbers of the log, a letter for each set at each end of the axis."""
    path, net = str(tmp_path / "run.jsonl"), str(tmp_path / "net.json")
    few = ["--sizes", "64", "3", "10", "--epochs", "2", "--plain"]
    assert run(["train", *few, "--log", path, "--save", net]) == 0
    capsys.readouterr()
    assert run(["inspect", "curves", path, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    written = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()[1:]]
    assert [each["set"] for each in printed] == ["validation", "test"]
    for each in printed:
        assert each["epoch"] == [0, 1]
        assert each["cost"] == [line[each["set"]]["cost"] for line in written]
        assert each["accuracy"] == [
            line[each["set"]]["correct"] / line[each["set"]]["of"] for line in written
        ]
    assert run(["inspect", "curves", path]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert lines[-2].startswith("a  run.jsonl (validation): best ")
    assert lines[-1].startswith("b  run.jsonl (test): best ")


@pytest.mark.ch3
def test_several_runs_are_drawn_over_each_other(tmp_path: Path, capsys: Any) -> None:
    """From 50 to 90 % and from 50 to 60 %: they meet at the foot, `a` ends on top, `b` below."""
    settings = {"eta": 3.0, "seed": "0"}, {"eta": 0.3, "seed": "0"}
    one = log(tmp_path / "a.jsonl", {"run": settings[0]}, epoch(0, 50, 1.0), epoch(1, 90, 0.1))
    two = log(tmp_path / "b.jsonl", {"run": settings[1]}, epoch(0, 50, 1.0), epoch(1, 60, 0.9))
    assert run(["inspect", "curves", one, two]) == 0
    lines = capsys.readouterr().out.splitlines()
    cost, accuracy = (i for i, line in enumerate(lines) if "where curves meet" in line)
    assert lines[cost + 1].startswith("1.000 *")
    assert lines[cost + 1][-1] == "b"
    assert lines[accuracy + 1].split()[0] == "90"
    assert lines[accuracy + 1][-1] == "a"
    assert lines[-3].split() == ["0", "epoch", "1"]
    assert lines[-4].startswith("50 % *")
    assert lines[-2].startswith("a  a.jsonl, η 3.0 (test): best 90.0 % in epoch 1, last 90.0 %")
    assert lines[-1].startswith("b  b.jsonl, η 0.3 (test): best 60.0 % in epoch 1, last 60.0 %")


@pytest.mark.ch3
def test_curves_as_svg_are_told_apart_by_dash_and_letter(tmp_path: Path, capsys: Any) -> None:
    """Two charts of two curves; the first accuracy falls from the top, 90 %, to the foot, 50 %."""
    from xml.etree import ElementTree

    one = log(tmp_path / "a&b.jsonl", epoch(0, 90, 0.5), epoch(1, 50, "inf"))
    two = log(tmp_path / "other.jsonl", epoch(0, 60, 0.5), epoch(1, 60, 0.5))
    svg = tmp_path / "curves.svg"
    assert run(["inspect", "curves", one, two, "--svg", str(svg)]) == 0
    assert capsys.readouterr().out
    root = ElementTree.fromstring(svg.read_text("utf-8"))
    lines = [each for each in root.iter() if each.tag.endswith("polyline")]
    assert len(lines) == 4
    dashes = [line.get("stroke-dasharray") for line in lines]
    assert dashes[:2] == dashes[2:]
    assert len(set(dashes)) == 2
    places = [tuple(map(float, at.split(","))) for at in (lines[2].get("points") or "").split()]
    assert places[1][1] - places[0][1] == 240
    assert places[0][0] < places[1][0]
    texts = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert texts.count("a") == texts.count("b") == 2
    assert any(text and text.startswith("a  a&b.jsonl (test)") for text in texts)


@pytest.mark.ch3
def test_a_run_that_went_on_is_one_curve(tmp_path: Path, capsys: Any) -> None:
    """Epochs 0 to 2, then resumed after 2: epoch 2 is that of the second time; --runs are two."""
    begun = [epoch(i, 50 + i, 1.0) for i in range(3)]
    on = [{"run": {"seed": "0", "epochs done": 2}}, epoch(2, 80, 0.5), epoch(3, 85, 0.4)]
    other = [{"run": {"seed": "1", "epochs done": 0}}, epoch(0, 10, 2.0)]
    path = log(
        tmp_path / "run.jsonl", {"run": {"seed": "0", "epochs done": 0}}, *begun, *on, *other
    )
    with open(path, "a", encoding="utf-8") as file:
        file.write('{"epoch": 1, "te')  # is being written
    assert run(["inspect", "curves", path, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["epoch"] for each in printed] == [[0, 1, 2, 3], [0]]
    assert printed[0]["accuracy"] == [0.5, 0.51, 0.8, 0.85]
    assert [each["name"] for each in printed] == ["run.jsonl, seed 0", "run.jsonl, seed 1"]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
def test_the_page_of_curves_fits(width: int, height: int) -> None:
    """Four long curves with long names; a cost that is infinite is on top."""
    from tinynn.views.curves import Curve, CurvesPage, Point

    points = [Point(i, float("inf") if i == 9 else 1 / (i + 1), i / 300) for i in range(300)]
    lines = [Curve(mark, "a-long-name-" * 8, "test", points) for mark in "abcd"]
    written = drawn(CurvesPage(lines, height), width)
    text = [line.rstrip() for line in written.splitlines()]
    assert len(text) < height
    assert max(map(len, text)) <= width
    piped = str(CurvesPage(lines)).splitlines()
    assert len(piped) == 23
    assert all(line.endswith(", last 99.7 %, cost 0.00333") for line in text[-4:] + piped[-4:])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected a log with an epoch at least, got none"),
        ('{"run": {}}\n', "expected a log with an epoch at least, got none"),
        ("hello\n", "run.jsonl, line 1: expected what `tinynn train --log run.jsonl` writes"),
        ('{"format": "tinynn", "run": {}}\n', "run.jsonl, line 1: expected what"),
        ('{"run": 3}\n', "run.jsonl, line 1: expected what"),
        ('{"run": {}}\n[1]\n', "run.jsonl, line 2: expected what"),
        ('{"epoch": 0, "test": {"correct": 5, "of": 0, "cost": 1}}\n', "line 1: expected what"),
        ('{"epoch": 0, "test": {"correct": 5, "of": 3, "cost": 1}}\n', "line 1: expected what"),
        ('{"epoch": 0, "test": {"correct": 1, "of": 3, "cost": "x"}}\n', "line 1: expected what"),
        ('{"epoch": "0", "test": {"correct": 1, "of": 3, "cost": 1}}\n', "line 1: expected what"),
        (f"{'[' * 100_000}\n", "line 1: expected what"),
    ],
)
def test_what_is_no_log_is_told_in_one_line(
    tmp_path: Path, text: str, words: str, capsys: Any
) -> None:
    """With the line, and the command that writes one."""
    path = tmp_path / "run.jsonl"
    path.write_text(text, encoding="utf-8")
    assert run(["inspect", "curves", str(path)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_what_is_asked_of_curves_is_checked(tmp_path: Path, capsys: Any) -> None:
    """A set that was not measured, files that are not there, more curves than letters."""
    path = log(tmp_path / "run.jsonl", epoch(0, 50, 1.0))
    binary = tmp_path / "x"
    binary.write_bytes(b"\xff\xfe\n")
    for arguments, words in [
        ([path, "--set", "training"], "--set: expected test for "),
        ([str(tmp_path / "none")], "No such file"),
        ([str(tmp_path)], "Is a directory"),
        ([str(binary)], "expected what `tinynn train --log"),
        ([path, "--svg", ""], "--svg: expected the name of a file"),
        ([path, "--svg", str(tmp_path / "no" / "x.svg")], "No such file"),
        ([path] * 27, "expected at most 26 curves, got 27"),
    ]:
        assert run(["inspect", "curves", *arguments]) == 2
        error = capsys.readouterr().err
        assert words in error
        assert error.count("\n") == 1


@pytest.mark.parametrize("view", ["weights", "confusion", "curves"])
def test_each_view_runs_by_itself_and_writes_its_picture(
    view: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m tinynn.views.curves picture.svg`."""
    import runpy
    import sys

    path = tmp_path / "picture.svg"
    monkeypatch.setattr(sys, "argv", [view, str(path)])
    monkeypatch.delitem(sys.modules, f"tinynn.views.{view}", raising=False)
    runpy.run_module(f"tinynn.views.{view}", run_name="__main__")
    assert path.read_text("utf-8").startswith("<svg ")


def test_inspect_in_ascii_has_no_unknown_character(
    corner: str, learnt: str, tmp_path: Path
) -> None:
    """Where the encoding has no shades, one character each is written instead."""
    from tests.terminal import run as in_a_pipe

    path = log(tmp_path / "run.jsonl", {"run": {"eta": 3.0}}, epoch(0, 50, 1.0), epoch(5, 90, 0.1))
    for arguments in (
        ["weights", corner, "--neuron", "2:1"],
        ["confusion", learnt],
        ["curves", path, path],
    ):
        done = in_a_pipe("inspect", *arguments, PYTHONIOENCODING="ascii")
        assert done.returncode == 0, done.stderr
        assert done.stdout.isascii()
        assert "?" not in done.stdout
