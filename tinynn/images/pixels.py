"""Pictures as lists of rows of numbers: made smaller, blurred, opened, closed, thresholded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from operator import mul
from typing import NamedTuple

Rows = list[list[float]]
_LEVELS = 256


class Box(NamedTuple):
    """A part of a picture: rows ``top`` to before ``bottom``, columns ``left`` to ``right``."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """The number of columns."""
        return self.right - self.left

    @property
    def middle(self) -> tuple[float, float]:
        """The row and the column of its middle."""
        return (self.top + self.bottom) / 2, (self.left + self.right) / 2

    def grown(self, by: int, height: int, width: int) -> Box:
        """Return a box larger by ``by`` pixels on each side, within a picture of this size."""
        top, left = max(0, self.top - by), max(0, self.left - by)
        return Box(top, left, min(height, self.bottom + by), min(width, self.right + by))


def cut(rows: Rows, box: Box) -> Rows:
    """Return the part of a picture that is in a box."""
    return [row[box.left : box.right] for row in rows[box.top : box.bottom]]


def turned(rows: Rows) -> Rows:
    """Return a picture with its rows as columns."""
    return [list(column) for column in zip(*rows)]


def resized(rows: Rows, height: int, width: int) -> Rows:
    """Return a picture scaled to this height and width.

    Each pixel is a mean of the old ones near its place, the nearest with the most weight; a picture
    that grows is interpolated.

    >>> resized([[0, 0, 7, 7], [0, 0, 7, 7]], 1, 2)
    [[1.0, 6.0]]
    """
    places = _places(len(rows[0]), width)
    across = turned([_resampled(row, places) for row in rows])
    places = _places(len(rows), height)
    return turned([_resampled(column, places) for column in across])


def _places(size: int, into: int) -> list[tuple[int, list[float]]]:
    """Return for each new pixel the first of its old pixels, and the weights from there on."""
    scale = size / into
    reach = max(1.0, scale)
    found = []
    for place in range(into):
        middle = (place + 0.5) * scale
        first = max(0, int(middle - reach + 0.5))
        last = min(size, int(middle + reach + 0.5))
        weights = [max(0.0, 1.0 - abs(k + 0.5 - middle) / reach) for k in range(first, last)]
        total = sum(weights)
        found.append((first, [weight / total for weight in weights]))
    return found


def _resampled(row: list[float], places: list[tuple[int, list[float]]]) -> list[float]:
    return [sum(map(mul, row[first : first + len(w)], w)) for first, w in places]


def reduced(rows: Rows, longest: int) -> Rows:
    """Return a picture scaled down, in proportion, to at most ``longest`` rows and columns."""
    height, width = len(rows), len(rows[0])
    scale = longest / max(height, width)
    if scale >= 1.0:
        return rows
    return resized(rows, max(1, round(scale * height)), max(1, round(scale * width)))


def blurred(rows: Rows, radius: int) -> Rows:
    """Return a picture of means: of the pixels up to ``radius`` rows and columns from each."""
    if radius < 1:
        return rows
    across = [_means(row, radius) for row in rows]
    return turned([_means(column, radius) for column in turned(across)])


def _means(row: list[float], radius: int) -> list[float]:
    size = len(row)
    sums = [0.0, *accumulate(row)]
    ends = [min(size, k + radius + 1) for k in range(size)]
    starts = [max(0, k - radius) for k in range(size)]
    return [(sums[end] - sums[start]) / (end - start) for start, end in zip(starts, ends)]


def spread(rows: Rows, across: int, down: int, pick: Callable[..., float] = max) -> Rows:
    """Return the largest (with ``pick`` min, the smallest) number in the window around each pixel.

    The window is ``2 across + 1`` columns by ``2 down + 1`` rows, smaller at the edges.

    >>> spread([[0, 5, 0, 0, 0]], 1, 0)
    [[5, 5, 5, 0, 0]]
    """
    if across:
        rows = turned(_picked(turned(rows), across, pick))
    return _picked(rows, down, pick) if down else rows


def padded(rows: Rows, by: int) -> Rows:
    """Return a picture with its edge pixels repeated ``by`` times on every side."""
    rows = [[row[0]] * by + row + [row[-1]] * by for row in rows]
    return [rows[0]] * by + rows + [rows[-1]] * by


def framed(rows: Rows, by: int) -> Rows:
    """Return a picture with ``by`` empty pixels on every side."""
    side, width = [0.0] * by, len(rows[0]) + 2 * by
    above, below = ([[0.0] * width for _ in range(by)] for _ in range(2))
    return [*above, *(side + row + side for row in rows), *below]


def _picked(rows: Rows, reach: int, pick: Callable[..., float]) -> Rows:
    """Return rows in which each number is picked from its column, up to ``reach`` rows away."""
    size, window = len(rows), 2 * reach + 1
    rows = [rows[0]] * reach + rows + [rows[-1]] * reach
    done = 1
    while done < window:  # rows[i] is picked from ``done`` rows from i on
        step = min(done, window - done)
        rows = [list(map(pick, row, below)) for row, below in zip(rows, rows[step:])]
        done += step
    return rows[:size]


def closed(rows: Rows, across: int, down: int) -> Rows:
    """Return the morphological closing: dark parts too small for the window are filled."""
    return spread(spread(rows, across, down, max), across, down, min)


def opened(rows: Rows, across: int, down: int) -> Rows:
    """Return the morphological opening: bright parts too small for the window are removed."""
    return spread(spread(rows, across, down, min), across, down, max)


def between(values: Sequence[float]) -> float:
    """Return the threshold that splits numbers from 0 to 1 best into two groups (Otsu's)."""
    counts = [0] * _LEVELS
    for value in values:
        counts[int(value * (_LEVELS - 1))] += 1
    total, whole = len(values), sum(level * count for level, count in enumerate(counts))
    best, threshold, below, sum_below = -1.0, 0.0, 0, 0
    for level, count in enumerate(counts):
        below += count
        sum_below += level * count
        if 0 < below < total:
            apart = sum_below / below - (whole - sum_below) / (total - below)
            gain = below * (total - below) * apart * apart
            if gain > best:
                best, threshold = gain, level + 0.5
    return threshold / (_LEVELS - 1)


class Part(NamedTuple):
    """Neighbouring pixels of ink: where they are, and their sum."""

    pixels: list[tuple[int, int]]
    ink: float

    @property
    def box(self) -> Box:
        """The smallest box around them."""
        rows = [row for row, _ in self.pixels]
        columns = [column for _, column in self.pixels]
        return Box(min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def box_around(parts: Sequence[Part]) -> Box:
    """Return the smallest box around all of these parts, of which there is at least one."""
    tops, lefts, bottoms, rights = zip(*(part.box for part in parts))
    return Box(min(tops), min(lefts), max(bottoms), max(rights))


def parts_of(rows: Rows, above: float) -> list[Part]:
    """Return the connected parts of a picture above a threshold, those with most ink first.

    >>> [len(part.pixels) for part in parts_of([[1, 0, 1], [0, 0, 1]], 0.5)]
    [2, 1]
    """
    height, width = len(rows), len(rows[0])
    frame = [False] * (width + 2)
    left = [frame, *([False, *(ink > above for ink in row), False] for row in rows), frame[:]]
    found = []
    for row in range(1, height + 1):
        for column in range(1, width + 1):
            if not left[row][column]:
                continue
            left[row][column] = False
            pixels = [(row, column)]
            for r, c in pixels:  # which grows as it is walked through
                for y in (r - 1, r, r + 1):
                    line = left[y]
                    for x in (c - 1, c, c + 1):
                        if line[x]:
                            line[x] = False
                            pixels.append((y, x))
            places = [(r - 1, c - 1) for r, c in pixels]
            found.append(Part(places, sum(rows[r][c] for r, c in places)))
    return sorted(found, key=lambda part: -part.ink)
