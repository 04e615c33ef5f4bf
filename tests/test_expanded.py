"""More data: images and their shifted and rotated copies, the same in both engines."""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import shlex
import struct
import subprocess
import sys
import tracemalloc
from math import cos, floor, radians, sin
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from tests.helpers.docs import GUIDE
from tests.terminal import on_a_terminal
from tinynn import ArgumentError, DataError, DataSet, Network, expanded, load_digits
from tinynn.cli import main
from tinynn.cli.program import _build_parser
from tinynn.datasets import ArrayExamples, Examples
from tinynn.datasets.expanded import KINDS, LARGEST_ANGLE, Expanded, rotated
from tinynn.datasets.idx import IdxArray
from tinynn.fast import Network as FastNetwork
from tinynn.fast.expanded import ExpandedRows
from tinynn.training.checkpoint import fingerprint
from tinynn.views.expanded import ExpandedPage


@st.composite
def images(draw: st.DrawFn, most: int = 4, margin: int = 0) -> Examples:
    """Draw a few images of any bytes, with so many empty pixels at each edge."""
    n, height, width = (draw(st.integers(1, top)) for top in (most, 6, 6))
    pixels = np.zeros((n, height + 2 * margin, width + 2 * margin), np.uint8)
    inner = draw(st.binary(min_size=n * height * width, max_size=n * height * width))
    pixels[:, margin : margin + height, margin : margin + width] = np.frombuffer(
        inner, np.uint8
    ).reshape(n, height, width)
    labels = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    return Examples(IdxArray(pixels.shape, pixels.tobytes()), bytes(labels), scale=255)


def random_images(n: int, side: int = 28) -> Examples:
    """Return images that take room, with the labels 0 to 9 in turn."""
    data = random.Random(0).randbytes(n * side * side)
    return Examples(IdxArray((n, side, side), data), bytes(i % 10 for i in range(n)), scale=256)


def grid(examples: Examples, i: int) -> list[list[int]]:
    """Return the bytes of image i, row by row."""
    height, width = examples.image_shape
    pixels = bytes(examples[i : i + 1].pixels)
    return [list(pixels[row * width : (row + 1) * width]) for row in range(height)]


# Every original once, and what becomes of it.


@pytest.mark.ch3
@given(images(), st.sampled_from([*KINDS]), st.integers(0, 9))
def test_an_expanded_set_holds_every_original_once(data: Examples, kind: str, seed: int) -> None:
    """n images are 5n, or 9n; the originals are the first n, as they were, each with its label."""
    more = expanded(data, kind, seed=seed)
    n = len(data)
    assert len(more) == {"shift": 5, "rotate": 5, "both": 9}[kind] * n
    assert [i for i in range(len(more)) if more.variant(i) == "original"] == list(range(n))
    assert list(more[:n]) == list(data)
    for i in range(len(more)):
        assert more.label(i) == data.label(i % n) == more[i][1].argmax(), "labels go with images"
    assert (more.image_shape, more.outputs) == (data.image_shape, data.outputs)


def test_a_shifted_image_is_moved_by_one_pixel_and_its_emptied_edge_is_0() -> None:
    """Worked by hand, in the book's order: down, up, right, left."""
    pixels = bytes([1, 2, 3, 4, 5, 6])
    more = expanded(Examples(IdxArray((1, 2, 3), pixels), bytes([7]), scale=8))
    assert [(more.variant(i), grid(more, i)) for i in range(5)] == [
        ("original", [[1, 2, 3], [4, 5, 6]]),
        ("down", [[0, 0, 0], [1, 2, 3]]),
        ("up", [[4, 5, 6], [0, 0, 0]]),
        ("right", [[0, 1, 2], [0, 4, 5]]),
        ("left", [[2, 3, 0], [5, 6, 0]]),
    ]


@pytest.mark.ch3
@given(images(most=1, margin=1), st.sampled_from([(1, 2), (2, 1), (3, 4), (4, 3)]))
def test_a_shift_and_the_shift_back_is_the_image(data: Examples, there: tuple[int, int]) -> None:
    """Down then up, right then left, where the edges are empty."""
    first, back = there
    moved = bytes(expanded(data)[first : first + 1].pixels)
    again = expanded(Examples(IdxArray((1, *data.image_shape), moved), bytes(1), scale=255))
    assert again.variant(back) != again.variant(first)
    assert bytes(again[back : back + 1].pixels) == bytes(data.pixels)


@given(images(most=1))
def test_a_rotation_by_0_is_the_image_and_by_180_degrees_is_it_upside_down(data: Examples) -> None:
    """About the centre, to the byte; a full turn is the image too."""
    pixels, shape = bytes(data.pixels), data.image_shape
    assert rotated(pixels, *shape, 0) == pixels
    assert rotated(pixels, *shape, 1800) == pixels[::-1]
    assert rotated(pixels, *shape, 3600) == pixels


def test_a_positive_angle_turns_against_the_clock() -> None:
    """By 90°, the pixel on the right goes to the top."""
    right, top = bytes([0, 0, 0, 0, 0, 9, 0, 0, 0]), bytes([0, 9, 0, 0, 0, 0, 0, 0, 0])
    assert rotated(right, 3, 3, 900) == top
    assert rotated(top, 3, 3, -900) == right


def by_definition(rows: list[list[int]], degrees: float) -> list[list[float]]:
    """Return an image rotated, bilinear, in floats: from where each pixel is, and 0 outside."""
    height, width = len(rows), len(rows[0])
    c, s = cos(radians(degrees)), sin(radians(degrees))
    middle_y, middle_x = (height - 1) / 2, (width - 1) / 2

    def ink(y: int, x: int) -> int:
        return rows[y][x] if 0 <= y < height and 0 <= x < width else 0

    def pixel(row: int, column: int) -> float:
        x, y = column - middle_x, row - middle_y
        from_x, from_y = c * x - s * y + middle_x, s * x + c * y + middle_y
        left, upper = floor(from_x), floor(from_y)
        p, q = from_x - left, from_y - upper
        return (
            (1 - q) * ((1 - p) * ink(upper, left) + p * ink(upper, left + 1))
            + q * ((1 - p) * ink(upper + 1, left) + p * ink(upper + 1, left + 1))
        )  # fmt: skip

    return [[pixel(row, column) for column in range(width)] for row in range(height)]


@pytest.mark.ch3
@given(images(most=1), st.integers(-LARGEST_ANGLE, LARGEST_ANGLE))
def test_a_rotation_is_bilinear(data: Examples, tenths: int) -> None:
    """Within 1 + 2·255/512 of the exact numbers: places are counted in 256ths of a pixel."""
    shape = data.image_shape
    made = rotated(bytes(data.pixels), *shape, tenths)
    exact = [value for row in by_definition(grid(data, 0), tenths / 10) for value in row]
    for k, (byte, value) in enumerate(zip(made, exact)):
        assert 0 <= byte <= 255
        assert abs(byte - value) <= 2.0, f"pixel {k}: {byte}, by definition {value:.2f}"


@pytest.mark.parametrize("kind", ["rotate", "both"])
def test_angles_are_up_to_15_degrees_either_way_and_those_of_the_seed(kind: str) -> None:
    """Four for each image, spread evenly; the first images have the same ones in any number."""
    data = load_digits().training[:500]
    angles = expanded(data, kind, seed=1).angles
    assert len(angles) == 4 * 500
    assert min(angles) == -LARGEST_ANGLE
    assert max(angles) == LARGEST_ANGLE == 150
    assert abs(sum(angles)) / len(angles) < 6, "their mean is 0 ± 2"
    assert expanded(data, kind, seed=1).angles == angles
    assert expanded(data, kind, seed=2).angles != angles
    assert expanded(data[:9], kind, seed=1).angles == angles[:36]
    more = expanded(data, kind, seed=1)
    shown = more.variant(len(more) - 1)
    assert shown == f"{angles[-1] / 10:+.1f}°".replace("-", "−")


def test_a_rotated_digit_keeps_its_ink_and_its_place() -> None:
    """The ink of an inner part moves, and hardly changes; its middle stays."""
    data = load_digits().training[:50]
    for tenths in (-150, -70, 70, 150):
        before = after = 0
        for i in range(50):
            pixels = bytes(data[i : i + 1].pixels)
            before += sum(pixels)
            after += sum(rotated(pixels, 8, 8, tenths))
        assert after == pytest.approx(before, rel=0.05)


def test_the_docstring_explains_the_limit_of_angles() -> None:
    """The exercise of chapter 3, where a reader looks for it."""
    text = expanded.__doc__ or ""
    assert "arbitrarily large rotations" in " ".join(text.split())
    assert "6" in text
    assert "9" in text


# Behaves as Examples do.


@given(
    images(), st.sampled_from([*KINDS]), st.slices(9), st.slices(5), st.integers(0, 3)
)  # fmt: skip
def test_a_slice_is_again_expanded_images(
    data: Examples, kind: str, first: slice, second: slice, seed: int
) -> None:
    """As of a list: forwards, backwards, with steps, and slices of slices; negative places too."""
    more = expanded(data, kind, seed=seed)
    listed = [(*more[i], more.variant(i), more.label(i)) for i in range(len(more))]
    part = more[first][second]
    expected = listed[first][second]
    assert isinstance(part, Expanded)
    got = [(*part[i], part.variant(i), part.label(i)) for i in range(len(part))]
    assert got == expected
    if got:
        assert part[-1][0] == expected[-1][0]
        assert part.variant(-1) == expected[-1][2]
    with pytest.raises(IndexError, match=f"expected .*got {len(part)}"):
        part[len(part)]


def test_the_variants_of_an_image_are_a_slice() -> None:
    """Every n-th example from i on: the original, then each change of it."""
    data = load_digits().training[:20]
    of_seven = expanded(data, "both")[7::20]
    names = [of_seven.variant(i) for i in range(9)]
    assert names[:5] == ["original", "down", "up", "right", "left"]
    assert all(name.endswith("°") for name in names[5:])
    assert set(of_seven.labels) == {data.label(7)}


def test_wrong_labels_are_made_before_or_after() -> None:
    """Before, all variants of an image are wrong alike; after, each by itself."""
    data = load_digits().training[:100]
    before = expanded(data.with_wrong_labels(0.2, seed=0))
    changed = {i for i in range(100) if before.label(i) != data.label(i)}
    assert len(changed) == 20
    assert {i % 100 for i in range(500) if before.label(i) != data.label(i % 100)} == changed
    after = expanded(data).with_wrong_labels(0.2, seed=0)
    assert sum(after.label(i) != data.label(i % 100) for i in range(500)) == 100
    assert after[250][0] == expanded(data)[250][0]
    assert after[250:][3][1].argmax() == after.label(253)


def test_examples_without_images_get_an_error_that_says_what_to_write() -> None:
    """A list, an array of numbers, a whole data set, what is expanded already, no such kind."""
    data = load_digits()
    with pytest.raises(ArgumentError, match="expected images.* got a list of 5: write"):
        expanded(list(data.training[:5]))  # type: ignore[arg-type]
    with pytest.raises(DataError, match="images of bytes.* array of numbers: write Examples"):
        expanded(ArrayExamples(np.eye(4), [0, 1, 2, 3]))
    with pytest.raises(ArgumentError, match=r"write data\.training"):
        expanded(data)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match='write expanded.*"both"'):
        expanded(expanded(data.training))
    with pytest.raises(ArgumentError, match=r"kind: expected shift, rotate or both, got 'skew'"):
        expanded(data.training, "skew")
    with pytest.raises(ArgumentError, match="seed"):
        expanded(data.training, "rotate", seed=0.5)  # type: ignore[arg-type]
    assert len(expanded(data.training[:0], "both")) == 0


# Nothing is stored.


def test_an_expanded_set_takes_less_memory_than_the_images_it_came_from() -> None:
    """18,000 images would take 14 MB as bytes: labels, angles and where they lead to take 1."""
    data = random_images(2000)
    tracemalloc.start()
    try:
        more = expanded(data, "both")
        for part in (more, more[::-1], more.with_wrong_labels(0.1, seed=0)):
            for i in range(0, len(part), 997):
                assert len(part[i][0]) == 784
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2e6, f"{peak / 1e6:.1f} MB"


CHILD = """
import os, sys
from tinynn import expanded
from tinynn.datasets import Examples
from tinynn.datasets.idx import IdxArray
from tinynn.fast import Network

n = 50_000
images = IdxArray((n, 28, 28), os.urandom(n * 784))
data = Examples(images, bytes(i % 10 for i in range(n)), scale=256)
training = data if sys.argv[1] == "plain" else expanded(data, sys.argv[1])
Network([784, 10], seed=0, dtype="float32").train(training, 1, 100, 0.1, seed=0).finish()
with open("/proc/self/status") as memory:
    print(next(line.split()[1] for line in memory if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what is held")
@pytest.mark.slow
def test_250_000_images_need_no_memory_of_250_000_images() -> None:
    """An epoch of them takes 40 MB more than one of 50,000, at most; their bytes would be 157."""
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", CHILD, which],
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        / 2**10
        for which in ("plain", "shift", "rotate")
    ]
    plain, *others = peaks
    for peak, kind in zip(others, ("shift", "rotate")):
        assert peak - plain < 40, f"{plain:.0f} MB, {kind} {peak:.0f} MB"


# Both engines.


@settings(max_examples=60)
@given(images(), st.sampled_from([*KINDS]), st.slices(20), st.integers(0, 3), st.randoms())
def test_both_engines_see_the_same_pixels_to_the_bit(
    data: Examples, kind: str, part: slice, seed: int, rng: random.Random
) -> None:
    """Of any shape, in any order, and of any slice: what `rotated` makes, over arrays."""
    more = expanded(data, kind, seed=seed)[part]
    order = [i for i in range(len(more)) for _ in range(2)]
    rng.shuffle(order)
    rows = ExpandedRows(more)
    out = np.full((len(order), rows.shape[1]), 77, np.uint8)
    rows.take(np.array(order, np.intp), 0, out, "clip")
    for row, i in zip(out, order):
        assert row.tolist() == [pixel for line in grid(more, i) for pixel in line], more.variant(i)


def test_many_images_at_once_are_the_same_as_one_by_one() -> None:
    """More than fit into the work arrays, and a number that none of them divides."""
    more = expanded(random_images(150, side=9), "both", seed=4)
    rows = ExpandedRows(more)
    out = np.empty((1350, 81), np.uint8)
    rows.take(np.arange(1349, -1, -1), 0, out, "clip")
    assert out[::-1].tobytes() == bytes(more.pixels)


@pytest.mark.parametrize("kind", KINDS)
def test_both_engines_learn_the_same_numbers_from_expanded_digits(kind: str) -> None:
    """Two epochs, wrong labels and a smaller last mini-batch included."""
    data = load_digits()
    training = expanded(data.training[:41].with_wrong_labels(0.2, seed=0), kind, seed=3)
    pure, fast = (
        engine([64, 6, 10], seed=0).train(
            training, 2, 7, 1.0, seed=0, test_data=expanded(data.test[:30], kind)
        )
        for engine in (Network, FastNetwork)
    )
    for ours, theirs in zip(pure.finish(), fast.finish()):
        assert (ours.correct, ours.total) == (theirs.correct, 30 * KINDS[kind])
        assert ours.cost == pytest.approx(theirs.cost, abs=1e-9)


@pytest.mark.parametrize("engine", [Network, FastNetwork])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_on_expanded_digits_goes_on_to_the_same_bits(
    engine: type[Network], kind: str, tmp_path: Path
) -> None:
    """2 + 2 epochs are 4; the data of another seed or kind are not those of the run."""
    data = load_digits()
    small = data._replace(training=expanded(data.training[:30], kind, seed=5))
    whole = engine([64, 10], seed=0).train(small.training, 4, 10, 0.5, seed=0)
    whole.finish()
    half = engine([64, 10], seed=0).train(small.training, 4, 10, 0.5, seed=0)
    next(half)
    next(half)
    half.save(tmp_path / "run.json")
    again = engine.resume(tmp_path / "run.json", small)
    again.finish()
    assert again.network == whole.network
    others = [expanded(data.training[:30], other) for other in KINDS if other != kind]
    if kind != "shift":
        others.append(expanded(data.training[:30], kind, seed=6))
    for other in others:
        with pytest.raises(DataError, match="training data: expected the .* examples of the run"):
            engine.resume(tmp_path / "run.json", other)


def test_a_fingerprint_sees_the_variants() -> None:
    """Not only the originals, which all kinds share."""
    data = load_digits().training[:30]
    found = {fingerprint(expanded(data, kind, seed=seed)) for kind in KINDS for seed in (0, 1)}
    assert len(found) == 5, "the shifts have no seed"


def test_a_data_set_of_expanded_parts_is_measured_by_both() -> None:
    """As validation and test data too."""
    data = DataSet(*(expanded(part[:20], "both") for part in load_digits()))
    pure, fast = Network([64, 10], seed=0), FastNetwork([64, 10], seed=0)
    for part in data:
        ours, theirs = pure.measure(part), fast.measure(part)
        assert (ours.correct, ours.total) == (theirs.correct, 180)
        assert ours.cost == pytest.approx(theirs.cost, abs=1e-12)
        assert pure.answers(part).confusion == fast.answers(part).confusion


# tinynn train --expand.

SMALL = ("train", "--fast", "--plain", "--sizes", "64", "10", "--epochs", "2")


@pytest.mark.parametrize("kind", KINDS)
def test_train_expand_learns_from_the_copies_and_resumes_to_the_same_bits(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Labels are made wrong first; the seed of the run is that of the angles; the log says it."""
    options = ("--expand", kind, "--wrong-labels", "0.1", "--seed", "3")
    files = [str(tmp_path / name) for name in ("two.json", "one.json", "run.jsonl")]
    assert main([*SMALL, *options, "--save", files[0], "--log", files[2]]) == 0
    data = load_digits()
    training = expanded(data.training.with_wrong_labels(0.1, seed=3), kind, seed=3)
    network = FastNetwork([64, 10], seed=3)
    reports = network.train(training, 2, 10, 3.0, seed=3, test_data=data.test).finish()
    assert capsys.readouterr().out == "".join(f"{report}\n" for report in reports)
    assert FastNetwork.load(files[0]) == network
    assert main([*SMALL[:-1], "1", *options, "--save", files[1]]) == 0
    assert main(["train", "--plain", "--resume", files[1], "--epochs", "2"]) == 0
    assert FastNetwork.load(files[1]) == network
    first = json.loads(Path(files[2]).read_text(encoding="utf-8").splitlines()[0])
    assert first["run"]["expand"] == kind


def test_train_expand_names_the_expected_arguments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another kind, a run that has one already, and a file with a kind that is none."""
    path = tmp_path / "run.json"
    with pytest.raises(SystemExit):
        main(["train", "--expand", "skew"])
    assert "'skew': expected shift, rotate, both" in capsys.readouterr().err
    assert main([*SMALL, "--expand", "rotate", "--save", str(path)]) == 0
    assert main(["train", "--resume", str(path), "--expand", "shift"]) == 2
    assert "--expand: the run in" in capsys.readouterr().err
    path.write_text(path.read_text(encoding="utf-8").replace('"rotate"', '"skew"'))
    assert main(["train", "--resume", str(path), "--epochs", "3"]) == 2
    assert "kind: expected shift, rotate or both, got 'skew'" in capsys.readouterr().err


def test_an_older_run_has_no_expanded_data(tmp_path: Path) -> None:
    """A file without the word is resumed as it was begun."""
    path = tmp_path / "run.json"
    assert main([*SMALL, "--save", str(path)]) == 0
    parts = json.loads(path.read_text(encoding="utf-8"))
    assert parts["run"]["about"].pop("expand") == "no"
    path.write_text(json.dumps(parts), encoding="utf-8")
    assert main(["train", "--plain", "--resume", str(path), "--epochs", "3"]) == 0


def test_the_screen_says_which_copies_are_learnt_from() -> None:
    """Before η and the seed; and the next commands keep the option."""
    status, shown = on_a_terminal("train", "--fast", "--epochs", "3", "--expand", "shift")
    assert status == 0
    assert "shift, η = 3, mini-batch 10, seed 0" in shown
    assert "tinynn train --fast --expand shift" in shown


# tinynn data --expanded.


def test_data_expanded_shows_digits_beside_their_variants(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Piped: captions above shades, of the angles that a run of seed 0 has."""
    assert main(["data", "--expanded"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "1,000" in lines[0]
    assert "5,000" in lines[0]
    assert [line for line in lines if line.startswith("training digit")] == [
        f"training digit {i}, a {i}" for i in range(3)
    ]
    assert lines.count("original down     up       right    left") == 3
    assert max(map(len, lines)) <= 80
    assert main(["data", "--expanded", "both", "--digit", "7"]) == 0
    shown = capsys.readouterr().out
    more = expanded(load_digits().training, "both")
    assert all(more.variant(1000 * k + 7) in shown for k in range(9))
    assert "training digit 7, a 7" in shown


def test_data_expanded_reads_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Digits of another size, cut to where there is ink, two rows of a large one in a line."""
    pixels = bytearray(6 * 16 * 16)
    for i in range(6):
        pixels[i * 256 + 8 * 16 + 8] = 255
    for part in ("train", "t10k"):
        content = struct.pack(">4B3I", 0, 0, 8, 3, 6, 16, 16) + pixels
        (tmp_path / f"{part}-images-idx3-ubyte").write_bytes(content)
        labels = struct.pack(">4BI", 0, 0, 8, 1, 6) + bytes(6)
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(labels)
    assert main(["data", "--expanded", "--data", str(tmp_path), "--digit", "4"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "5 training digits become 25 examples. Some, with their copies:",
        "",
        "training digit 4, a 0",
        "original down     up       right    left",
        " ▒                 ▒         ▒      ▒",
        "          ▒",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--digit", "3"], "--digit needs --expanded"),
        (["--data", "digits"], "--data needs --expanded"),
        (["mnist", "--expanded"], "cannot go with mnist: write tinynn data --expanded --data"),
        (["--expanded", "--digit", "1000"], "--digit: expected 0 to 999, got 1000"),
        (["--expanded", "--digit", "-1"], "--digit: expected 0 to 999, got -1"),
        (["--expanded", "--data", "nowhere"], "expected 'digits', 'mnist' or a folder"),
    ],
)
def test_data_expanded_names_the_expected_arguments(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, and what to write instead."""
    assert main(["data", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", [8, 28])
def test_a_page_of_variants_fits_the_screen(size: tuple[int, int], kind: str, side: int) -> None:
    """At least one digit, with every caption, within 80×24 and 120×40."""
    width, height = size
    data = random_images(12, side)  # full of ink: as large as they get
    inner = bytearray(data.pixels)
    if side == 28:  # MNIST's digits keep four pixels from the edge
        for k in range(len(inner)):
            row, column = k % 784 // 28, k % 28
            if not (4 <= row < 24 and 4 <= column < 24):
                inner[k] = 0
    more = expanded(Examples(IdxArray((12, side, side), bytes(inner)), data.labels, 256), kind)
    console = Console(file=io.StringIO(), width=width, height=height)
    console.print(ExpandedPage(more, 5, height - 1))
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) <= height - 1
    assert max(map(len, lines)) <= width
    assert all(more.variant(k * 12 + 5) in "\n".join(lines) for k in range(KINDS[kind]))
    assert max(map(len, str(ExpandedPage(more, 5)).splitlines())) <= 80


def test_data_expanded_on_a_terminal_is_in_greys() -> None:
    """Half a line a pixel at 80 columns, two characters a pixel at 120."""
    for columns, lines, block in ((80, 24, "▀"), (120, 40, "\x1b[48;")):
        status, shown = on_a_terminal("data", "--expanded", columns=columns, lines=lines)
        assert status == 0
        assert "training digit 2, a 2" in shown
        assert block in shown


# What it is good for: the guide's table.

COMMAND = re.search(r"^tinynn (train .*) --epochs 30 --expand both$", GUIDE, re.MULTILINE)


def last(options: argparse.Namespace, training: Examples, epochs: int) -> int:
    """Return how many test digits of 500 are right after the last epoch of seed 1."""
    network = FastNetwork(options.sizes, seed=1, cost=options.cost)
    network.train(training, epochs, 10, options.eta, seed=1).finish()
    return network.evaluate(load_digits().test)


@pytest.mark.slow
def test_expanded_digits_teach_more_than_as_many_steps_on_the_plain_ones() -> None:
    """The guide's settings at full length: seed 1 gains a point, and seeds 0 and 2 gain too."""
    assert COMMAND is not None
    options = _build_parser().parse_args(shlex.split(COMMAND[1]))
    plain = load_digits().training
    many = last(options, expanded(plain, "both", seed=1), 30)
    few = last(options, plain, 270)
    assert many >= few + 5, f"{many} digits with copies, {few} without"
