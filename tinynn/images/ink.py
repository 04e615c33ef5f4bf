"""Where the ink is in a picture: its ground is subtracted, ruled lines go, a threshold is found."""

from __future__ import annotations

from itertools import chain
from operator import add
from typing import NamedTuple

from tinynn.images.pixels import Rows, between, blurred, closed, opened, padded, spread, turned

_WHITE = 255.0
_WIDEST = 0.3  # of the shorter side: what is wider than this is no stroke
_DIM = 24.0  # a ground darker than this is too dark to measure ink against
_SMALL = 28  # a picture of up to twice this is a drawing of a few pixels, without noise
_LONG = 0.55  # of a side: a straight run of ink as long as this is a ruled line
_SLOPES = 0.12  # the steepest line is tilted by so many rows a column


class Ink(NamedTuple):
    """How much ink each pixel has, from 0 to 1; the threshold; which side of grey it is on."""

    rows: Rows
    threshold: float
    dark: bool
    noise: float


def ink_of(grey: Rows, ruled: bool = True) -> Ink:
    """Return the ink of a picture whose numbers are from 0 (black) to 255 (white)."""
    noise = noise_of(grey)
    size = min(len(grey), len(grey[0]))
    if size > 2 * _SMALL:
        grey = blurred(grey, 1 if noise < 12 else 2)
    reach = max(2, round(_WIDEST * size / 2))
    grey = padded(grey, reach)
    light, dim = closed(grey, reach, reach), opened(grey, reach, reach)
    dark = [[(g - p) / max(g, _DIM) for p, g in zip(row, line)] for row, line in zip(grey, light)]
    bright = [[(p - g) / _WHITE for p, g in zip(row, line)] for row, line in zip(grey, dim)]
    sides = [_scaled(dark), _scaled(bright)]
    is_dark = _outer(*sides) >= 0.0
    rows = sides[0 if is_dark else 1]
    rows = [row[reach:-reach] for row in rows[reach:-reach]]
    rows = _scaled(without_lines(rows) if ruled else rows)
    return Ink(rows, between([*chain.from_iterable(rows)]), is_dark, noise)


def _scaled(rows: Rows) -> Rows:
    largest = max(map(max, rows)) or 1.0
    return [[ink / largest for ink in row] for row in rows]


def _outer(dark: Rows, bright: Rows) -> float:
    """Return for how many lines, seen from outside, what is dark is met before what is bright.

    Strokes surround the ground inside of them, never the other way round.
    """
    half = max(max(map(max, dark)), max(map(max, bright))) / 2
    met = []
    for turn in (list, turned):
        for dark_line, bright_line in zip(turn(dark), turn(bright)):
            found = [d - b for d, b in zip(dark_line, bright_line) if d > half or b > half]
            met += [found[0], found[-1]] if found else []
    return sum(met)


def noise_of(grey: Rows) -> float:
    """Return how much neighbouring pixels of one ground differ: the median, as a deviation."""
    apart = sorted(abs(a - b) for row in grey for a, b in zip(row, row[1:]))
    return apart[len(apart) // 2] / 0.954 if apart else 0.0


def without_lines(rows: Rows) -> Rows:
    """Return ink without the long straight lines of ruled or squared paper, a little tilted too."""
    down = _less(turned(_straight(turned(rows))), rows)
    return _less(_straight(rows), down)


def _less(lines: Rows, rows: Rows) -> Rows:
    return [[max(0.0, a - b) for a, b in zip(row, line)] for row, line in zip(rows, lines)]


def _straight(rows: Rows) -> Rows:
    """Return what is in long runs from left to right, along the slope that suits most of them."""
    height, width = len(rows), len(rows[0])
    reach = round(_LONG * width / 2)
    if reach < 8:
        return [[0.0] * width for _ in rows]
    columns = turned(rows)
    best = max(_shears(width), key=lambda shifts: _sharpness(columns, shifts, height))
    pad = max(map(abs, best))
    sheared = turned([_shifted(column, shift, pad) for column, shift in zip(columns, best)])
    thick = spread(sheared, 0, 1)
    runs = turned(opened(thick, reach, 0))
    return turned([run[pad + shift :][:height] for run, shift in zip(runs, best)])


def _shears(width: int) -> list[list[int]]:
    steps = range(-8, 9)
    return [[round(_SLOPES * step / 8 * (x - width / 2)) for x in range(width)] for step in steps]


def _shifted(column: list[float], shift: int, pad: int) -> list[float]:
    return [0.0] * (pad + shift) + column + [0.0] * (pad - shift)


def _sharpness(columns: Rows, shifts: list[int], height: int) -> float:
    """Return how much of the ink is in few rows once each column is shifted so far."""
    pad = max(map(abs, shifts))
    sums = [0.0] * (height + 2 * pad)
    for column, shift in zip(columns, shifts):
        start = pad + shift
        sums[start : start + height] = map(add, sums[start : start + height], column)
    return sum(total * total for total in sums)
