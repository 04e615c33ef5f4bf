"""Rows of digits composed of single ones, and what is seen of them through windows, to learn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from tinynn.datasets import DataSet, Examples, load_mnist
from tinynn.datasets.idx import IdxArray
from tinynn.images.pixels import Rows, framed, resized
from tinynn.images.windows import HALF, NONE, SIDE, TALL, strip_of

_INK = 0.5  # of full ink: pixels that touch are as dark
_LONGEST = 8  # digits in a row
_FEW = 2000  # digits of the validation and of the test data are enough
_NEAR, _FAR = 1.6, 3.4  # columns from a digit's middle: its window, and no longer so


def load_rows() -> DataSet:
    """Return windows of rows of MNIST's digits, each with its digit, or 10 where none is centred.

    Rows are composed as ``composed`` does, of all training digits twice, and once of 2,000
    validation and of 2,000 test digits; with about two windows a digit. Takes minutes. Raises
    DataError.
    """
    training, validation, test = load_mnist()
    few = validation[:_FEW], test[:_FEW]
    return DataSet(windows_of(training, 1, 2), windows_of(few[0], 2), windows_of(few[1], 3))


def windows_of(digits: Examples, seed: int, times: int = 1) -> Examples:
    """Return windows of rows of these digits: 28×28 pixels k/256, and 11 answers.

    Each digit is in ``times`` rows.
    """
    rng = Random(seed)
    order: list[int] = []
    for _ in range(times):
        again = [*range(len(digits))]
        rng.shuffle(again)
        order += again
    pixels, labels = bytearray(), bytearray()
    start = 0
    while start < len(order):
        some = order[start : start + rng.choice(range(1, _LONGEST + 1))]
        start += len(some)
        images = [_digit(digits[i][0].entries) for i in some]
        for window, label in _labelled(images, [digits.label(i) for i in some], rng):
            pixels += bytes(round(255 * a) for row in window for a in row)
            labels.append(label)
    shape = len(labels), SIDE, SIDE
    return Examples(IdxArray(shape, bytes(pixels)), bytes(labels), 256, NONE + 1)


def _digit(pixels: Sequence[float]) -> Rows:
    """Return a digit without the empty rows and columns around it."""
    rows = [list(pixels[i : i + SIDE]) for i in range(0, SIDE * SIDE, SIDE)]
    across = [c for c, column in enumerate(zip(*rows)) if max(column) > 0.25]
    down = [r for r, row in enumerate(rows) if max(row) > 0.25]
    return [row[across[0] : across[-1] + 1] for row in rows[down[0] : down[-1] + 1]]


def _labelled(digits: list[Rows], labels: list[int], rng: Random) -> Iterator[tuple[Rows, int]]:
    """Yield two windows for each digit of a row: at its middle, and beside it or between two."""
    ink, middles = composed(digits, rng)
    strip = strip_of(_photographed(ink, rng))
    scale = (len(strip.rows[0]) - 2 * HALF) / (len(ink[0]) + 2)
    middles = [HALF + (x + 1) * scale for x in middles]
    for k, x in enumerate(middles):
        places = [x + rng.uniform(-1.2, 1.2)]
        if rng.random() < 0.55:
            places.append(x + rng.choice((-1, 1)) * rng.uniform(3.6, 7))
        elif k + 1 < len(middles):
            places.append((x + middles[k + 1]) / 2 + rng.uniform(-1, 1))
        else:
            places.append(x + rng.choice((-1, 1)) * rng.uniform(4, 12))
        for place in places:
            column = min(max(round(place), HALF), len(strip.rows[0]) - HALF)
            window = strip.window(column)
            away, nearest = min((abs(column - m), j) for j, m in enumerate(middles))
            if window and (away <= _NEAR or away >= _FAR):
                yield window, labels[nearest] if away <= _NEAR else NONE


def composed(digits: Sequence[Rows], rng: Random) -> tuple[Rows, list[float]]:
    """Return digits beside one another as a row of ink, and the column of the middle of each.

    Two in five rows slope, and as many have digits of different sizes. In a quarter of the rows
    all digits are at natural distances, in a quarter half of them; the others overlap the one
    before them by up to three columns, touch it, or nearly touch it.
    """
    touching, closer = rng.choice((0.0, 0.5, 1.0, 1.0)), rng.choice((-2, -2, -1, 0, 0, 1))
    uneven = rng.random() < 0.4
    slope = rng.uniform(-0.08, 0.08) if rng.random() < 0.4 else 0.0
    wobble = rng.choice((0, 1, 2, 3))
    edge: dict[int, int] = {}  # of each row the last column with ink
    placed: list[tuple[int, int, Rows]] = []
    end = 0
    for digit in digits:
        if uneven:
            size = rng.uniform(0.8, 1.2)
            wide = max(2, round(len(digit[0]) * rng.uniform(0.93, 1.07) * size))
            digit = resized(digit, max(4, round(len(digit) * size)), wide)
        drop = rng.uniform(-wobble, wobble) + (TALL - len(digit)) * rng.random()
        top = round(slope * end + drop)
        dark = [
            (top + r, [c for c, a in enumerate(row) if a > _INK]) for r, row in enumerate(digit)
        ]
        left = 0
        if placed and rng.random() >= touching:
            left = end + (rng.randint(1, 6) if rng.random() < 0.85 else rng.randint(6, 16))
        elif placed:
            touch = [
                edge[y + dy] + 1 - columns[0]
                for y, columns in dark
                for dy in (-1, 0, 1)
                if columns and y + dy in edge
            ]
            left = max(touch, default=end) + closer + rng.choice((-1, 0, 0, 1))
            left = max(left, placed[-1][1] + 2)
        placed.append((top, left, digit))
        for y, columns in dark:
            if columns:
                edge[y] = max(edge.get(y, 0), left + columns[-1])
        end = max(end, left + len(digit[0]))
    highest = min(top for top, _, _ in placed)
    lowest = max(top + len(digit) for top, _, digit in placed)
    ink = [[0.0] * end for _ in range(lowest - highest)]
    for top, left, digit in placed:
        for r, line in enumerate(digit, start=top - highest):
            there = ink[r][left : left + len(line)]
            ink[r][left : left + len(line)] = map(max, there, line)
    return ink, [left + len(digit[0]) / 2 for _, left, digit in placed]


def _photographed(ink: Rows, rng: Random) -> Rows:
    """Return a row as the ink of a photograph: larger, and with more contrast."""
    ink, size = framed(ink, 1), rng.uniform(1.0, 1.5)
    ink = resized(ink, round(len(ink) * size), round(len(ink[0]) * size))
    low, gain = rng.uniform(0, 0.15), rng.uniform(0.95, 1.4)
    return [[min(1.0, max(0.0, (a - low) * gain)) for a in row] for row in ink]
