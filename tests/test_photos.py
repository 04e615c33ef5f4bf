"""`tinynn predict photo.jpg`: from a photograph to an answer, and a row of digits cut apart."""

from __future__ import annotations

import hashlib
import json
import random
import struct
import subprocess
import sys
import zlib
from math import hypot
from pathlib import Path
from typing import Any, Optional

import pytest

from tests.helpers.sheets import SHEETS, inked, row_of_digits
from tests.mnist import needs_mnist
from tests.terminal import on_a_terminal, run
from tinynn import Network, load_digits, load_mnist
from tinynn.datasets import row_network, shipped_network
from tinynn.errors import DataError
from tinynn.fast import Network as FastNetwork
from tinynn.images import find, is_row, prepare, read_picture, row_of
from tinynn.images.composed import windows_of
from tinynn.images.ink import ink_of
from tinynn.images.pixels import Box, Rows, closed, spread
from tinynn.images.row import Cut, _best, _without_halves
from tinynn.images.windows import strip_of
from tinynn.views.photo import PhotoPage, Read

NET = FastNetwork.load(shipped_network())
ROWS = FastNetwork.load(row_network())
STROKES = (((0.15, 0.5), (0.6, 0.22)), ((0.6, 0.22), (0.6, 0.8)), ((0.3, 0.64), (0.88, 0.6)))


def four(size: int = 100, pen: float = 30.0, paper: float = 235.0) -> Rows:
    """A 4 of three straight strokes on a sheet."""

    def ink(y: float, x: float) -> float:
        return max(min(1.0, max(0.0, 4.5 - 100 * apart(y, x, *each))) for each in STROKES)

    places = [(k + 0.5) / size for k in range(size)]
    return [[paper + (pen - paper) * ink(y, x) for x in places] for y in places]


def apart(y: float, x: float, start: tuple[float, float], end: tuple[float, float]) -> float:
    """How far a point is from a stroke."""
    (b, a), (d, c) = start, end
    along = ((y - b) * (d - b) + (x - a) * (c - a)) / ((d - b) ** 2 + (c - a) ** 2)
    along = min(1.0, max(0.0, along))
    return hypot(y - b - along * (d - b), x - a - along * (c - a))


def row_picture() -> Rows:
    """Two fours beside each other."""
    return [row[8:92] + row[8:92] for row in four()]


def said(grey: Rows) -> int:
    """What the shipped network reads."""
    return NET.predict(prepare(grey).pixels)


def write_pgm(path: Path, rows: Rows) -> str:
    """Write rows of grey as a PGM file."""
    pixels = bytes(round(p) for row in rows for p in row)
    path.write_bytes(b"P5 %d %d 255\n" % (len(rows[0]), len(rows)) + pixels)
    return str(path)


# From grey to the input.


def test_the_window_of_a_closing_fills_what_is_narrower() -> None:
    """A dark stroke one pixel wide goes, one of three stays; an edge between two grounds stays."""
    row = [9.0, 9, 9, 0, 9, 9, 9, 0, 0, 0, 9, 9]
    assert closed([row], 1, 0) == [[9, 9, 9, 9, 9, 9, 9, 0, 0, 0, 9, 9]]
    assert closed([[9.0, 9, 9, 2, 2, 2]], 1, 0) == [[9, 9, 9, 2, 2, 2]]
    assert spread([[0.0, 1, 0, 0]], 1, 0) == [[1, 1, 1, 0]]
    assert Box(2, 3, 5, 7).grown(4, 8, 9) == (0, 0, 8, 9)


def test_a_digit_becomes_an_input_as_mnist_was_made() -> None:
    """28×28 numbers k/256, the digit in 20×20, its centre of mass within a pixel of the centre."""
    made = prepare(four())
    assert [stage.name for stage in made.stages] == ["grey", "ink", "crop", "scaled", "centred"]
    scaled, whole = made.stages[3].rows, made.stages[4].rows
    assert max(len(scaled), len(scaled[0])) == 20
    assert all(float(256 * p).is_integer() and 0 <= p <= 255 / 256 for p in made.pixels)
    total = sum(map(sum, whole))
    for lines in (whole, [*zip(*whole)]):
        assert abs(sum((r + 0.5) * sum(line) for r, line in enumerate(lines)) / total - 14) <= 0.75
    assert said(four()) == 4


@pytest.mark.parametrize(("pen", "paper"), [(30, 235), (230, 20), (90, 130), (0, 255), (255, 0)])
def test_either_side_of_grey_may_be_the_ink(pen: float, paper: float) -> None:
    """Pencil, chalk, and little contrast: the same input, but for rounding."""
    assert said(four(pen=pen, paper=paper)) == 4
    assert prepare(four(pen=pen, paper=paper)).pixels.entries == pytest.approx(
        prepare(four()).pixels.entries, abs=0.05
    )


@pytest.mark.parametrize(("pen", "paper"), [(30, 235), (225, 20)])
def test_the_ground_between_leaning_strokes_is_no_ink(pen: float, paper: float) -> None:
    """Eight strokes like ////, whose gaps are wider than they are: columns meet a gap first."""
    sheet = [[paper] * 300 for _ in range(100)]
    for r in range(25, 75):
        for k in range(8):
            left = 30 + 30 * k + (75 - r) // 5
            sheet[r][left : left + 6] = [pen] * 6
    ink = ink_of(sheet)
    assert ink.dark == (pen < paper)
    assert ink.rows[50][36:40] > [0.5] * 4
    assert ink.rows[50][48:52] < [0.5] * 4


def test_a_network_of_8_by_8_reads_photographs_too() -> None:
    """64 numbers k/16; a network that has learnt the digits that ship says 4."""
    pixels = prepare(four(), 8).pixels
    assert len(pixels) == 64
    assert all(float(16 * p).is_integer() for p in pixels)
    data = load_digits()
    network = FastNetwork([64, 30, 10], seed=0)
    network.train(data.training, 10, 10, 3.0, seed=0).finish()
    assert network.predict(pixels) == 4


def one_pixel(side: int = 60) -> Rows:
    sheet = [[240.0] * side for _ in range(side)]
    sheet[20][30] = 0.0
    return sheet


def grain(side: int = 100) -> Rows:
    rng = random.Random(0)
    return [[rng.gauss(180, 15) for _ in range(side)] for _ in range(side)]


@pytest.mark.parametrize(
    ("grey", "words"),
    [
        ([[255.0] * 50] * 50, "white all over"),
        ([[0.0] * 50] * 50, "black all over"),
        ([[130.0] * 50] * 50, "one grey all over"),
        ([[float(c) for c in range(200)]] * 80, "without ink"),
        (one_pixel(), "a speck"),
        ([[5.0]], "only 1×1 pixels"),
        (grain(), "noise|without ink"),
        ([[1.0] * 9, [1.0] * 8], "rows of one length"),
    ],
)
def test_a_picture_without_a_digit_gets_a_sentence(grey: Rows, words: str) -> None:
    """Not a confident 5."""
    with pytest.raises(DataError, match=words):
        prepare(grey)


@needs_mnist
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.__name__)
@pytest.mark.slow
def test_digits_on_sheets_of_all_kinds_are_read(sheet: Any) -> None:
    """MNIST drawn back: of 8 test digits on each kind of sheet at most one is lost."""
    test = load_mnist().test
    right = sum(kept(test, i, sheet) for i in range(8))
    assert right >= 7


@needs_mnist
@pytest.mark.whole
@pytest.mark.parametrize("sheet", SHEETS[:4], ids=lambda sheet: sheet.__name__)
def test_500_digits_drawn_back_lose_at_most_three_points(sheet: Any) -> None:
    """Enlarged, moved, inverted, thinned, on noisy grounds: 15 digits fewer than at first."""
    test = load_mnist().test
    before = sum(NET.predict(x) == test.label(i) for i, (x, _) in enumerate(test[:500]))
    assert sum(kept(test, i, sheet) for i in range(500)) >= before - 15


def kept(test: Any, i: int, sheet: Any) -> bool:
    """Whether a test digit is still read where it is drawn onto a sheet."""
    rng = random.Random(i)
    try:
        return said(sheet(inked(test[i][0].entries, rng), rng)) == int(test.label(i))
    except DataError:
        return False


# Rows of digits.


def read_row(grey: Rows, count: int = 0) -> str:
    """The digits that are read in a row, or in a picture of one."""
    if not count and not is_row(find(grey, row=True)):
        return str(said(grey))
    found = find(grey, row=True, longest=480)
    seen, answers = (
        lambda xs, net=net: [net.feedforward(x).tolist() for x in xs] for net in (ROWS, NET)
    )
    read = row_of(found, seen, answers, count=count)
    return "".join(str(max(range(10), key=a.__getitem__)) for a in read.outputs)


def test_the_network_for_rows_is_the_one_that_the_readme_of_data_describes() -> None:
    """Under 400 kB, 11 outputs; the checksum is in data/README.md."""
    content = Path(row_network()).read_bytes()
    assert len(content) < 400_000
    note = (Path(row_network()).parent / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(content).hexdigest() in note
    assert (ROWS.plan.shapes[0], ROWS.sizes[-1]) == ((1, 28, 28), 11)


@needs_mnist
@pytest.mark.slow
def test_the_network_for_rows_knows_most_windows() -> None:
    """Of those of rows of 200 test digits, which are harder than single digits."""
    windows = windows_of(load_mnist().test[:200], 3)
    assert ROWS.evaluate(windows) >= 0.9 * len(windows)


@pytest.mark.ch1
@pytest.mark.slow
def test_a_row_is_read_through_windows() -> None:
    """Two fours: two pieces, in order, and one cut between them; one four is no row."""
    assert read_row(row_picture()) == "44"
    assert not is_row(find(four(), row=True))
    assert read_row(row_picture(), 2) == "44"


def test_a_row_cropped_to_its_ink_keeps_its_first_and_last_digit() -> None:
    """Two fours that touch the sides of their picture, and two that touch all four edges."""
    rows = [row for row in row_picture() if min(row) < 128]
    inked = [c for c, column in enumerate(zip(*rows)) if min(column) < 128]
    for some in (row_picture(), rows):
        found = find([row[inked[0] : inked[-1] + 1] for row in some], row=True)
        assert is_row(found)
        assert len(found.parts) == 2


def test_places_at_least_8_apart_with_the_largest_sum_of_gains_are_kept() -> None:
    """2 + 2 is more than 3 in the middle; with a count one, or none where three have no room."""
    gains = [2.0, 0, 0, 0, 3, 0, 0, 0, 2]
    assert _best(gains) == (0, 8)
    assert _best(gains, 1) == (4,)
    assert _best(gains, 3) == ()
    assert _best([-1.0] * 9) == ()


def test_places_on_parts_of_one_digit_become_one() -> None:
    """Of three places between two cuts through no ink the best, if the others add only 2 to it.

    Three stay if they gain much more than one does, or if what they are on is no digit.
    """
    cuts = [Cut([], ink) for ink in (0.0, 0.5, 4.0, 3.0, 0.2)]
    gains = [0.0] * 10 + [9.0] + [0.0] * 10 + [0.5] + [0.0] * 3 + [10.0] + [0.0] * 4 + [1.5]
    places = (10, 21, 25, 30)
    asked = []

    def is_digit(left: Cut, right: Cut) -> bool:
        asked.append((left.ink, right.ink))
        return True

    assert _without_halves(places, gains, cuts, is_digit) == (10, 25)
    assert asked == [(0.5, 0.2)]
    assert _without_halves(places, gains, cuts, lambda *_: False) == places
    gains[30] = 12.0
    assert _without_halves(places, gains, cuts, is_digit) == places


def test_a_window_shows_what_is_around_its_middle() -> None:
    """A stroke 40 rows tall becomes 20 tall; 28×28 pixels, its ink in the middle of both sides."""
    strip = strip_of([[0.0] * 30 + [1.0] * 6 + [0.0] * 30 for _ in range(40)])
    assert (len(strip.rows), len(strip.rows[0])) == (48, 61)
    assert strip.window(14) is None
    window = strip.window(30)
    assert window is not None
    assert (len(window), len(window[0])) == (28, 28)
    inked = [r for r, row in enumerate(window) if max(row) > 0.5]
    assert (inked[0], inked[-1]) == (4, 23)
    assert sum(window[14]) == pytest.approx(3.0, abs=0.3)
    assert max(range(28), key=window[14].__getitem__) in (13, 14, 15)


@needs_mnist
def test_windows_to_learn_are_those_of_composed_rows() -> None:
    """Of 20 digits up to 40 windows, 11 answers; the same seed, the same bytes."""
    digits = load_mnist().training[:20]
    some = windows_of(digits, 1)
    assert (some.image_shape, some.outputs, some.scale) == ((28, 28), 11, 256)
    assert 30 <= len(some) <= 40
    assert 10 <= some.labels.count(10) <= 20
    assert bytes(windows_of(digits, 1).pixels) == bytes(some.pixels)


def rows_right(count: int, over: Optional[int] = None) -> int:
    """How many of so many rows of six test digits are wholly right."""
    test, right = load_mnist().test, 0
    for k in range(count):
        numbers = range(6 * k, 6 * k + 6)
        grey = row_of_digits([test[i][0].entries for i in numbers], random.Random(k), over)
        right += read_row(grey) == "".join(str(test.label(i)) for i in numbers)
    return right


@pytest.mark.ch1
@needs_mnist
@pytest.mark.slow
@pytest.mark.parametrize(("over", "least"), [(None, 9), (0, 5)], ids=["natural", "touching"])
def test_rows_of_six_digits_are_read(over: Optional[int], least: int) -> None:
    """The first chapter's own problem, on ten rows."""
    assert rows_right(10, over) >= least


@pytest.mark.ch1
@pytest.mark.whole
@needs_mnist
def test_500_rows_are_right_as_often_as_six_digits_can_be() -> None:
    """With p the share of single digits that are right: p⁶, less five points."""
    test = load_mnist().test
    p = sum(NET.predict(x) == test.label(i) for i, (x, _) in enumerate(test[:3000])) / 3000
    assert rows_right(500) >= 500 * (p**6 - 0.05)


@pytest.mark.ch1
@pytest.mark.whole
@needs_mnist
@pytest.mark.parametrize("over", [0, 2], ids=["touching", "overlap"])
def test_a_third_of_500_rows_whose_digits_touch_are_right(over: int) -> None:
    """Where they overlap by 2 columns straight cuts, even at the true places, reach a quarter."""
    assert rows_right(500, over) >= 500 / 3


# Files.


def png(width: int, height: int, row: bytes, rows: int) -> bytes:
    """A PNG file of so many equal rows, of 8 bits of grey, which says it has ``height`` rows."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + row) * rows)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_pgm_and_ppm_are_read_without_pillow(tmp_path: Path) -> None:
    """P2, P3, P5 and P6, of 8 and of 16 bits, with a comment; Pillow is not even imported."""
    for name, content in {
        "a.pgm": b"P2 # two by one\n2 1 10\n0 10",
        "b.pgm": b"P5 2 1 255\n\x00\xff",
        "c.pgm": b"P5 2 1 65535\n\x00\x00\xff\xff",
        "d.ppm": b"P6 2 1 255\n\x00\x00\x00\xff\xff\xff",
        "e.ppm": b"P3 2 1 255 0 0 0 255 255 255",
    }.items():
        (tmp_path / name).write_bytes(content)
        assert read_picture(tmp_path / name) == [pytest.approx([0.0, 255.0])]
    path = write_pgm(tmp_path / "four.pgm", four())
    code = (
        f"import sys; from tinynn.cli import main; main(['predict', {path!r}, '--engine', 'pure'])"
    )
    code += "; assert not {'PIL', 'numpy'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "The network says 4" in done.stdout


@pytest.mark.slow
def test_pictures_of_every_kind_are_read_the_right_way_up(tmp_path: Path) -> None:
    """EXIF rotation, CMYK, 16 bits, a palette, transparency under dark and light ink."""
    image = pytest.importorskip("PIL.Image")
    grey = image.frombytes("L", (100, 100), bytes(round(p) for row in four() for p in row))
    made = {"rgb.jpg": grey.convert("RGB"), "cmyk.jpg": grey.convert("RGB").convert("CMYK")}
    made["palette.png"] = grey.convert("P")
    made["bits.png"] = grey.point(lambda p: 255 * (p > 130)).convert("1")
    made["16.png"] = image.frombytes(
        "I;16", (100, 100), b"".join(struct.pack("<H", 200 * round(p)) for r in four() for p in r)
    )
    for name, shade in (("dark.png", 0), ("light.webp", 255)):
        clear = image.new("RGBA", (100, 100), (shade, shade, shade, 0))
        clear.putalpha(grey.point(lambda p: 235 - p))
        made[name] = clear
    for name, picture in made.items():
        picture.save(tmp_path / name)
        assert said(read_picture(tmp_path / name)) == 4, name
    exif = image.Exif()
    exif[0x0112] = 6  # turn by 90° with the clock to see it
    grey.transpose(image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif)
    assert said(read_picture(tmp_path / "turned.jpg")) == 4


@pytest.mark.slow
def test_what_is_no_picture_gets_a_sentence(tmp_path: Path) -> None:
    """A bomb, a file cut short, a text, a folder, nothing; one line each, and status 2."""
    pytest.importorskip("PIL")
    row = bytes(range(200))
    files = {
        "bomb.png": (png(13_000, 13_000, bytes(13_000), 1), "13,000×13,000 pixels"),
        "short.png": (png(200, 200, row, 200)[:90], "cut short"),
        "cut.pgm": (b"P5 9 9 255\n123", "3 of 81 numbers"),
        "bad.pgm": (b"P5 9 255\n", "header"),
        "text.png": (b"hello", "expected a picture"),
        "empty.jpg": (b"", "expected a picture"),
        "white.pgm": (b"P5 40 40 255\n" + b"\xff" * 1600, "white all over"),
    }
    (tmp_path / "folder.png").mkdir()
    said = {name: words for name, (_, words) in files.items()}
    for name, (content, _) in files.items():
        (tmp_path / name).write_bytes(content)
    for name, words in {**said, "folder.png": "directory", "none.png": "No such file"}.items():
        done = run("predict", str(tmp_path / name))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert words in done.stderr
        assert name in done.stderr


# The command.


@pytest.mark.slow
def test_predict_shows_each_stage_and_every_output(tmp_path: Path) -> None:
    """In a pipe: five pictures, ten outputs, the answer; no line wider than 80."""
    done = run("predict", write_pgm(tmp_path / "four.pgm", four()))
    for word in ("grey", "ink", "crop", "scaled", "centred", "▸4 ██████", "The network says 4 ("):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    given = run("predict", str(tmp_path / "four.pgm"), "--json", "--net", "shipped")
    found = json.loads(given.stdout)
    assert found["answer"] == "4"
    expected = Network.load(shipped_network()).feedforward(prepare(four()).pixels)
    assert found["outputs"][0] == pytest.approx(expected.entries, abs=0.02)


@pytest.mark.slow
def test_a_row_shows_cuts_pieces_and_answers(tmp_path: Path) -> None:
    """`tinynn predict row.pgm`, and --count where the number of digits is known."""
    path = write_pgm(tmp_path / "row.pgm", row_picture())
    done = run("predict", path)
    for word in ("cuts", "1: 4 █", "2: 4 █", "The network says 44 ("):
        assert word in done.stdout
    assert json.loads(run("predict", path, "--count", "2", "--json").stdout)["answer"] == "44"
    assert len(json.loads(run("predict", path, "--count", "1", "--json").stdout)["answer"]) == 1


@pytest.mark.parametrize("name", ["four", "row"])
def test_a_picture_fits_a_small_screen(name: str, tmp_path: Path) -> None:
    """80×24, with the prompt below."""
    path = write_pgm(tmp_path / "it.pgm", four() if name == "four" else row_picture())
    status, written = on_a_terminal("predict", path)
    assert status == 0
    assert written.count("\n") <= 23
    assert "The network says 4" in written


def test_networks_and_pictures_are_told_apart(tmp_path: Path) -> None:
    """--net needs a picture; two networks do not read one; a network has to be of digits."""
    path = write_pgm(tmp_path / "four.pgm", four())
    Network([3, 10], seed=0).save(tmp_path / "three.json")
    for arguments, words in (
        (["--net", "shipped"], "are for pictures"),
        ([path, "shipped", "--net", "shipped"], "expected one network"),
        ([path, str(tmp_path / "three.json")], "3 inputs and 10 outputs"),
        ([path, "--count", "-1"], "--count: expected a whole number"),
    ):
        done = run("predict", *arguments)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


def test_a_doubtful_answer_says_so() -> None:
    """An output below 0.6 is not sure, of one digit and of a row."""
    stage = prepare(four()).stages
    weak = [0.1] * 9 + [0.5]
    page = str(PhotoPage(Read("", stage, [weak])))
    assert page.splitlines()[-1] == "The network says 9 (0.50). It is not sure."
