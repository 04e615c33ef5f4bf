"""Points in a plane and CSV files: read, scaled, split, trained on, and their boundary drawn."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any, Optional, Union

import pytest
from rich.console import Console

from tests.terminal import on_a_terminal
from tests.test_keyboard import plain
from tinynn import ArgumentError, DataError, DataSet, Matrix, Network, TinyNNError, Vector
from tinynn.cli.program import run
from tinynn.datasets import RowExamples, load_cloud
from tinynn.views.boundary import PlaneScreen
from tinynn.views.boundary_lines import Plane, answers_over, boundary_lines, said

FLOWERS = "length,width,unit,species\n" + "".join(
    f"{i},{100 - 2 * i},7,{'rose' if i % 2 else 'aster'}\n" for i in range(40)
)


def written(folder: Path, text: Union[str, bytes], name: str = "rows.csv") -> str:
    """A file that holds this text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


# Clouds of points.


@pytest.mark.parametrize("name", ["xor", "circle", "spiral"])
def test_a_cloud_is_drawn_from_its_seed_and_has_two_classes(name: str) -> None:
    """300 points to train on and 200 to test, o and x, within 5 and a little noise."""
    cloud, again, other = (load_cloud(name, seed=seed) for seed in (1, 1, 2))
    assert [len(part) for part in cloud] == [300, 0, 200]
    assert cloud.training[7] == again.training[7] != other.training[7]
    assert {cloud.test.label(i) for i in range(200)} == {0, 1}
    assert max(abs(each) for x, _ in cloud.training for each in x) <= 5.4
    assert cloud.training.classes == ("o", "x")


def test_a_cloud_is_where_its_name_says() -> None:
    """xor: x is where the signs differ. circle: o is within half the radius, x beyond 0.7 of it."""
    for (p, q), y in load_cloud("xor", noise=0).training:
        assert (p * q < 0) == bool(y.argmax())
    for (p, q), y in load_cloud("circle", noise=0).training:
        assert (p * p + q * q > 2.5**2) == bool(y.argmax())
    with pytest.raises(ArgumentError, match="expected xor, circle, spiral, got 'gauss'"):
        load_cloud("gauss")


@pytest.mark.parametrize(
    ("name", "fast", "least"),
    [("xor", [], 190), ("circle", [], 190), ("spiral", ["--fast"], 180)],
)
def test_a_cloud_is_learnt_with_the_default_settings(
    name: str, fast: list[str], least: int, own_cache: Path, capsys: Any
) -> None:
    """95 % of the test points of xor and circle, 90 % of the spirals; then the picture."""
    assert run(["train", "--data", name, *fast]) == 0
    out, err = capsys.readouterr()
    assert f"{name}: 300 points to train on, 200 to test" in err
    lines = out.splitlines()
    epochs = [line for line in lines if line.startswith("Epoch")]
    last = re.fullmatch(r"Epoch \d+: (\d+) / 200", epochs[-1])
    assert last
    assert int(last[1]) >= least
    picture = lines[len(epochs) :]
    assert picture[0].startswith("o, x ▒; → x_1 -")
    assert len(picture) == 1 + 24
    assert set("".join(picture[1:])) == {"o", "x", " ", "▒"}
    assert max(map(len, picture[1:])) <= 48


# The boundary.


def left_or_right() -> Network:
    """2-2: the second output is the larger one where x_1 > 0.5."""
    return Network.from_parameters([Vector([0, -10])], [Matrix([[0, 0], [20, 0]])])


POINTS = RowExamples([[0, 0], [1, 1], [0, 1]], [0, 1, 1], ["no", "yes"], ["p", "q"], [(0, 8)] * 2)


def test_the_boundary_is_where_the_answer_changes() -> None:
    """a_2 = σ(20 x_1 - 10) > a_1 = 1/2 right of x_1 = 1/2: the right half is shaded."""
    title, *lines = boundary_lines(left_or_right(), POINTS)
    assert title == "o no, x yes ▒; → p -0.64 to 8.64, ↑ q -0.64 to 8.64"
    assert len(lines) == 24
    assert lines[12] == " " * 24 + "▒" * 24
    assert lines[1][3] == "x"  # (0, 1): above, left, and on the wrong side
    assert lines[22][3] == "o"
    assert lines[1][44] == "x"


def test_a_pixel_holds_what_every_neuron_makes_of_its_middle() -> None:
    """Of four pixels the upper right has its middle at (0.75, 0.75): a_2 = σ(5) = 0.9933."""
    answers = answers_over(left_or_right(), Plane((0, 1), (0, 1)), 2, 2)
    assert answers[0][1] == [[0.5, pytest.approx(0.993307)]]
    j, lead = said(answers[0][1][-1])
    assert (j, round(lead, 4)) == (1, 0.4933)
    assert said(answers[0][0][-1])[0] == 0


@pytest.mark.parametrize(
    ("colour", "size"), [(True, (80, 24)), (False, (80, 24)), (False, (120, 40))]
)
def test_the_screen_has_the_boundary_beside_the_neurons(colour: bool, size: Any) -> None:
    """Half-block cells, o and x over them, and a picture of each hidden neuron."""
    cloud: Any = load_cloud("circle")
    net = Network([2, 4, 2], seed=0)

    console = Console(
        file=io.StringIO(),
        width=size[0],
        height=size[1],
        force_terminal=colour,
        color_system="truecolor" if colour else None,
    )
    screen = PlaneScreen(cloud.training, net, cloud.test, 3, "η", 0, console)
    console.print(screen.picture(), height=size[1] - 1)
    text = plain(console.file.getvalue())  # type: ignore[attr-defined]
    assert "4 hidden neurons" in text
    for name in ("a^2_1", "a^2_4", "test points right", "test point 0 is o", "→ x_1", "↑ x_2"):
        assert name in text
    assert all(len(line) <= size[0] for line in text.splitlines())
    assert ("▀" in text) == colour
    picture = "".join(line[1:42] for line in text.splitlines()[3:20])
    assert {"o", "x"} <= set(picture)


def test_space_pauses_arrows_choose_a_point_and_q_stops(own_cache: Path) -> None:
    """The keys are those of the digits' screen, at 80×24."""
    keys = [("test point 0", "h"), ("another test point", "h"), ("test point 0", " ")]
    keys += [("paused", "\x1b[C"), ("test point 1", "q")]
    status, out = on_a_terminal("train", "--data", "spiral", keys=keys)
    assert status == 0
    assert "stopped  by q" in plain(out)
    assert "test point 1 is x" in plain(out)


# CSV files.


def test_columns_are_scaled_by_the_training_rows_and_it_is_said(tmp_path: Path) -> None:
    """x' = (x - low) / (high - low); the constant column is 0, and named."""
    data = DataSet.from_csv(written(tmp_path, FLOWERS))
    training: Any = data.training
    assert [len(part) for part in data] == [24, 8, 8]
    assert training.columns == ("length", "width", "unit")
    assert training.classes == ("aster", "rose")
    low, high = training.ranges[0]
    for part in data:
        for x, y in part:
            length = low + x[0] * (high - low)
            assert round(length) % 2 == y.argmax()
            assert x[1] == pytest.approx(1 - x[0])
            assert x[2] == 0.0
    assert {min(x[0] for x, _ in training), max(x[0] for x, _ in training)} == {0.0, 1.0}
    assert training.scaled([low, 100 - 2 * low, 7]) == Vector([0, 1, 0])
    assert "40 rows: 24 to train on, 8 for validation, 8 to test, shuffled" in training.about
    assert repr(training) == "<24 examples of 3 numbers, scaled to 0..1>"
    assert "3 columns scaled to 0..1 by the smallest and largest number" in training.about
    assert "constant there, and so 0: unit; classes 0 = aster, 1 = rose" in training.about


def test_the_seed_shuffles_and_the_shares_split(tmp_path: Path) -> None:
    """The same seed, the same parts; a tenth of 40 rows are 4."""
    path = written(tmp_path, FLOWERS)
    parts = [DataSet.from_csv(path, seed=seed, validation=0, test=0.1) for seed in (3, 3, 4)]
    assert [len(part) for part in parts[0]] == [36, 0, 4]
    assert list(parts[0].test) == list(parts[1].test) != list(parts[2].test)


def test_a_few_rows_are_not_split(tmp_path: Path) -> None:
    """The truth table of XOR has four rows, without a header: all are training and test data."""
    data = DataSet.from_csv(written(tmp_path, "0;0;0\n0;1;1\n1;0;1\n1;1;0\n"))
    assert [len(part) for part in data] == [4, 0, 4]
    assert sorted((*x, y.argmax()) for x, y in data.test) == [
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]
    assert "fewer than 20" in data.training.about


@pytest.mark.parametrize("label", ["kind", 0, -2])
def test_the_label_is_a_column_by_name_or_by_number(label: Union[str, int], tmp_path: Path) -> None:
    """Numbers are sorted as numbers: 2 before 10."""
    path = written(tmp_path, "\ufeffkind,x\r\n10,0.5\r\n2,1.5\r\n10.0,2.5\r\n")
    training: Any = DataSet.from_csv(path, label=label).training
    assert training.classes == ("2", "10")
    assert sorted((x[0], y.argmax()) for x, y in training) == [(0.0, 1), (0.5, 0), (1.0, 1)]


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("a,b,l\n1,2,x\n3,4\n", None, "row 3: expected 3 columns, as in row 1, got 2"),
        ("", None, "is empty"),
        ("\n\n", None, "is empty"),
        ("a,b,l\n", None, "a header alone"),
        ("l\nx\n", None, "at least one of numbers, got 1 column"),
        ("a,b,l\n1,nan,x\n3,4,y\n", None, r"row 2, column 2 \(b\): .* finite number, got 'nan'"),
        ("a,b,l\n1,2,x\n-inf,4,y\n", None, r"row 3, column 1 \(a\): .* got '-inf'"),
        ("a,b,l\n1,2,x\n3,four,y\n", None, r"row 3, column 2 \(b\): expected a number, got 'four'"),
        ("1,2,x\n3,,y\n", None, "row 2, column 2: expected a number, got nothing"),
        ("a,l\n1,\n2,y\n", None, r"row 2, column 2 \(l\): expected a label, got nothing"),
        ("a,7,l\n1,2,x\n3,4,y\n", None, "row 1, column 1: .* write header=True"),
        ("a,b,l\n1,2,x\n3,4,x\n", None, "two classes or more, got 'x' in every row"),
        ("a,b,l\n1,2,x\n3,4,y\n", "z", "expected a column, 0 to 2, or by name 'a', 'b', 'l'"),
        ("a,b,l\n1,2,x\n3,4,y\n", 3, "expected a column, 0 to 2, .* got 3"),
        (b"a,l\n1,x\n2,caf\xe9\n", None, "UTF-8 text, got the byte 0xe9 in row 3"),
        ('a,l\n1,"x\n2,y\n', None, "row 3: this is not CSV"),
        ("".join(f"{i},{i}.5\n" for i in range(30)), None, "30 different labels in 30 rows"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_row_and_column(
    text: Union[str, bytes], label: Optional[str], words: str, tmp_path: Path
) -> None:
    """Rows and columns count from 1, as in a spreadsheet."""
    with pytest.raises(DataError, match=words):
        DataSet.from_csv(written(tmp_path, text), label=label)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """300 MB without a single block on the disk; and a folder."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(DataError, match="300,000,000 bytes: expected at most 250,000,000"):
        DataSet.from_csv(path)
    for label in (1.5, True):
        with pytest.raises(ArgumentError, match="expected the name of a column, or its number"):
            DataSet.from_csv(path, label=label)  # type: ignore[arg-type]
    with pytest.raises(TinyNNError, match="test: expected a share from 0 to below 1, got 3"):
        DataSet.from_csv(written(tmp_path, FLOWERS), test=3)


def test_a_file_trains_is_kept_and_goes_on_and_takes_numbers_as_measured(
    tmp_path: Path, own_cache: Path, capsys: Any
) -> None:
    """As the digits do; `show --input` scales by what the file of the run keeps."""
    path, net = written(tmp_path, FLOWERS), str(tmp_path / "net.json")
    assert run(["train", "--data", path, "--epochs", "2", "--save", net]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(r"(Epoch \d: \d / 8\n){2}", out)
    assert "scaled to 0..1" in err
    assert run(["train", "--resume", net, "--epochs", "3"]) == 0
    assert capsys.readouterr().out.startswith("Epoch 2: ")
    rows: Any = DataSet.from_csv(path).training
    about = json.loads(Path(net).read_text())["run"]["about"]
    assert RowExamples.of_json(about["rows"]).ranges == rows.ranges
    low, high = rows.ranges[0]
    middle = (low + high) / 2
    assert run(["show", net, "--input", f"{middle}", f"{100 - 2 * middle}", "7"]) == 0
    assert "scaled to (0.5, 0.5, 0), for aster or rose" in capsys.readouterr().out
    assert run(["show", net, "--data", path, "--digit", "1"]) == 0
    assert run(["predict", net, "--data", path]) == 0
    written(tmp_path, FLOWERS.replace("\n3,", "\n3.5,"))
    assert run(["train", "--resume", net, "--epochs", "4"]) == 2
    assert "training data: expected the 24 examples of the run" in capsys.readouterr().err


def test_the_label_is_named_on_the_command_line(
    tmp_path: Path, own_cache: Path, capsys: Any
) -> None:
    """By an option, or after a colon, so that every command can say it."""
    path = written(tmp_path, "kind,p,q\n" + "a,0,1\nb,1,0\n" * 10)
    for arguments in (["--data", path, "--label", "kind"], ["--data", f"{path}:kind"]):
        assert run(["train", *arguments, "--epochs", "1"]) == 0
        out, err = capsys.readouterr()
        assert "classes 0 = a, 1 = b" in err
        assert "o a, x b ▒; → p " in out
    assert run(["train", "--label", "kind"]) == 2
    assert run(["train", "--data", str(tmp_path / "none.csv")]) == 2
    assert "none.csv: No such file" in capsys.readouterr().err
