"""Where the ink is in a picture: its ground is subtracted, ruled lines go, a threshold is found."""

from __future__ import annotations

from itertools import chain
from operator import add, sub
from typing import NamedTuple

from tinynn.images.pixels import Rows, between, blurred, closed, opened, padded, spread, turned

_WHITE = 255.0
_WIDEST = 0.3  # of the shorter side: what is wider than this is no stroke
_DIM = 24.0  # a ground darker than this is too dark to measure ink against
_SMALL = 28  # a picture of up to twice this is a drawing of a few pixels, without noise
_GAPS = 0.06  # of a ruled line: as much of it may be without ink
_STRONGER = 1.3  # and it may be so many times as strong as where it is faint
_SLOPE = 0.12  # the steepest line is tilted by so many rows a column


class Ink(NamedTuple):
    """How much ink each pixel has, as a share of the most; and where ink begins.

    ``contrast`` is the most, from 0 to 1, ``dark`` whether ink is darker than its ground.
    """

    rows: Rows
    threshold: float
    dark: bool
    contrast: float


def ink_of(grey: Rows, ruled: bool = True) -> Ink:
    """Return the ink of a picture whose numbers are from 0 (black) to 255 (white)."""
    noise = noise_of(grey)
    size = min(len(grey), len(grey[0]))
    if size > 2 * _SMALL:
        grey = blurred(grey, 1 if noise < 12 else 2)
    reach = max(2, round(_WIDEST * size / 2))
    grey = padded(grey, reach)
    light, dim = closed(grey, reach, reach), opened(grey, reach, reach)
    dark, bright = _apart(light, grey), _apart(grey, dim)
    strong = [list(map(max, *two)) for two in zip(dark, bright)]
    is_dark = _outer(grey, strong, reach) >= 0.0
    if is_dark:  # in a shadow ink is as much darker than its ground, as a share of it
        dark = [[d / max(g, _DIM) for d, g in zip(row, line)] for row, line in zip(dark, light)]
    else:
        bright = [[b / _WHITE for b in row] for row in bright]
    rows = dark if is_dark else bright
    rows = [row[reach:-reach] for row in rows[reach:-reach]]
    rows = without_lines(rows) if ruled else rows
    most = max(map(max, rows))
    rows = [[value / most for value in row] for row in rows] if most else rows
    return Ink(rows, between([*chain.from_iterable(rows)]), is_dark, most)


def _apart(more: Rows, less: Rows) -> Rows:
    return [list(map(sub, *two)) for two in zip(more, less)]


def _outer(grey: Rows, strong: Rows, reach: int) -> float:
    """Return how much darker strokes are than what is outside of them.

    Along each line, from both ends, the first strong pixel is compared with the one ``reach``
    before it. The ground between two strokes is as strong as they are, but no other than outside.
    """
    half = max(map(max, strong)) / 2
    darker = 0.0
    for turn in (list, turned):
        for line, levels in zip(turn(grey), turn(strong)):
            met = [k for k, level in enumerate(levels) if level > half]
            if met:
                first, last = met[0], met[-1]
                darker += line[max(0, first - reach)] - line[first]
                darker += line[min(len(line) - 1, last + reach)] - line[last]
    return darker


def noise_of(grey: Rows) -> float:
    """Return how much neighbouring pixels of one ground differ: the median, as a deviation."""
    apart = sorted(abs(a - b) for row in grey for a, b in zip(row, row[1:]))
    return apart[len(apart) // 2] / 0.954 if apart else 0.0


def without_lines(rows: Rows) -> Rows:
    """Return ink without the lines of ruled or squared paper, which may be tilted a little.

    A line runs from edge to edge: along it, nearly every pixel has some ink. As much is subtracted.
    """
    down = turned(_without_rows(turned(rows)))
    return [list(map(min, row, line)) for row, line in zip(_without_rows(rows), down)]


def _without_rows(rows: Rows) -> Rows:
    """Return the same without lines from left to right, along the slope that suits most of them."""
    height, width = len(rows), len(rows[0])
    columns = turned(rows)
    best = max(_shears(width), key=lambda shifts: _sharpness(columns, shifts, height))
    pad = max(map(abs, best))
    zeros = [[0.0] * (pad + shift) for shift in best], [[0.0] * (pad - shift) for shift in best]
    sheared = turned([a + column + b for a, column, b in zip(zeros[0], columns, zeros[1])])
    few = int(_GAPS * width)
    levels = [_STRONGER * sorted(row)[few] for row in spread(sheared, 0, 1)]
    lines = [levels[pad + shift :][:height] for shift in best]
    return turned([[max(0.0, a - b) for a, b in zip(*two)] for two in zip(columns, lines)])


def _shears(width: int) -> list[list[int]]:
    steps = range(-8, 9)
    return [[round(_SLOPE * step / 8 * (x - width / 2)) for x in range(width)] for step in steps]


def _sharpness(columns: Rows, shifts: list[int], height: int) -> float:
    """Return how much of the ink is in few rows once each column is shifted so far."""
    pad = max(map(abs, shifts))
    sums = [0.0] * (height + 2 * pad)
    for column, shift in zip(columns, shifts):
        start = pad + shift
        sums[start : start + height] = map(add, sums[start : start + height], column)
    return sum(total * total for total in sums)
