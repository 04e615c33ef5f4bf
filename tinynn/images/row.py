"""A number of several digits: cuts are tried, and those kept whose pieces a network is sure of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import log
from operator import mul
from typing import NamedTuple

from tinynn.errors import DataError
from tinynn.images.digit import Found, Stage, as_input, centred, fitted, inked
from tinynn.images.pixels import Box, Rows, cut, framed, parts_of, resized
from tinynn.linalg import Vector

_HEIGHT = 32  # rows of pixels to which a row of digits is scaled
_ASIDE = 0.04  # what it costs a cut to move one column aside, in pixels of ink
_FLAT = 0.15  # pixels of ink: what differs less is as cheap
_NEAR = 1.0  # columns: cuts nearer than this on average are one
_DEAREST = 14.0  # pixels of ink: no cut goes through more
_WIDEST = 1.6  # times the height of the row: no digit is wider
_SINGLE = 1.3  # times its height: one part alone as wide as this is several digits
_WIDE, _LOW = 0.9, 0.6  # times the height of the row: a digit is hardly wider, nor lower
_TALL = 0.5  # of the height of the row: what is as tall may be a digit by itself
_DEBRIS = 0.12  # of the ink of a piece: what a cut leaves of the digit beside it
_COSTS = 0.35, 20.0, 8.0, 3.0  # of each doubt of a piece, as a logarithm
_LEAST = 1e-6

Answers = Callable[[Sequence[Vector]], Sequence[Sequence[float]]]


class Piece(NamedTuple):
    """What is between two cuts: the numbers of the cuts, and the picture that is the input.

    ``doubts`` are reasons why it is no digit: pixels of ink that the cuts cross, and in heights of
    the row how much it is too wide, and too low; and how many tall parts it has beside one.
    """

    first: int
    last: int
    whole: Rows
    doubts: tuple[float, float, float, int]


class Reading(NamedTuple):
    """A row of digits: the stages, the pieces that were kept, and the outputs for each."""

    stages: tuple[Stage, ...]
    pieces: tuple[Piece, ...]
    outputs: list[list[float]]


class Cut(NamedTuple):
    """A path from the top to the bottom: its column in each row, and the ink that it crosses."""

    path: list[int]
    ink: float


def is_row(found: Found) -> bool:
    """Return whether the ink may be of several digits: wide, or in tall parts side by side."""
    box = found.box
    if box.width > _SINGLE * box.height:
        return True
    spans: list[list[int]] = []
    for each in sorted((part.box for part in found.parts), key=lambda each: each.left):
        if spans and each.left < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], each.right)
            spans[-1][2] = max(spans[-1][2], each.height)
        else:
            spans.append([each.left, each.right, each.height])
    return sum(tall > 0.6 * box.height for _, _, tall in spans) > 1


def row_of(found: Found, answers: Answers, side: int, count: int = 0) -> Reading:
    """Return the digits of a row: of all ways to cut it, that whose pieces are the surest.

    The answers to all pieces that a cut may leave are asked for at once. The best way has the
    largest sum of the logarithms of the strongest outputs, less what doubts cost: ink that is cut,
    pieces that are too wide, too low, or hold a gap. ``count`` is how many digits there are, if
    that is known. Raises DataError if there is no such way.
    """
    crop = inked(found)
    wide = max(1, round(len(crop[0]) * _HEIGHT / len(crop)))
    row = framed(resized(crop, _HEIGHT, wide), 1)
    cuts = cuts_of(row)
    pieces: list[Piece] = []
    for first in range(len(cuts)):
        for last in range(first + 1, len(cuts)):
            if min(cuts[last].path) - max(cuts[first].path) > 2 * _WIDEST * _HEIGHT:
                break
            pieces += _piece(row, cuts, first, last, side)
    outputs = [[*map(float, a)] for a in answers([as_input(piece.whole) for piece in pieces])]
    gains = [
        log(max(max(a), _LEAST)) - sum(map(mul, _COSTS, piece.doubts))
        for a, piece in zip(outputs, pieces)
    ]
    kept = _best_way(len(cuts), pieces, gains, count)
    stages = (
        Stage("grey", [[pixel / 255 for pixel in line] for line in found.grey]),
        Stage("ink", found.ink.rows),
        Stage("cuts", _marked(row, [cuts[pieces[k].first] for k in kept[1:]])),
    )
    return Reading(stages, tuple(pieces[k] for k in kept), [outputs[k] for k in kept])


def cuts_of(row: Rows) -> list[Cut]:
    """Return the paths that may part two digits, from the left edge to the right one.

    For each pixel of three rows the cheapest path through it is found: it pays for the ink that it
    crosses, and a little for each step aside. Those that are cheaper than their neighbours stay.
    """
    height, width = len(row), len(row[0])
    found = {}
    for place in (height // 4, height // 2, 3 * height // 4):
        above, up = _paths(row[: place + 1])
        below, down = _paths(row[place:][::-1])
        cost = [a + b - ink for a, b, ink in zip(above, below, row[place])]
        for column in _lowest(cost):
            path = _traced(up, column)[::-1] + _traced(down, column)[1:]
            found[tuple(path)] = Cut(path, sum(line[x] for line, x in zip(row, path)))
    inner = sorted(found.values(), key=lambda each: sum(each.path))
    apart: list[Cut] = []
    for each in inner:  # of those that hardly differ the cheapest
        if apart and _difference(each.path, apart[-1].path) < _NEAR * height:
            apart[-1] = min(apart[-1], each, key=lambda one: one.ink)
        else:
            apart.append(each)
    return [Cut([0] * height, 0.0), *apart, Cut([width] * height, 0.0)]


def _difference(one: list[int], other: list[int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other))


def _lowest(cost: list[float]) -> Iterator[int]:
    """Yield where the cost of a path has a minimum, of a flat one the middle; not at the edges."""
    start, last = 0, len(cost) - 1
    while start <= last:
        end = start
        while end < last and abs(cost[end + 1] - cost[start]) < _FLAT:
            end += 1
        inside = start > 0 and end < last
        if inside and min(cost[start - 1], cost[end + 1]) >= cost[start] and cost[start] < _DEAREST:
            yield (start + end) // 2
        start = end + 1


def _paths(row: Rows) -> tuple[list[float], list[list[int]]]:
    """Return the cost of the cheapest way down to each column of the last row, and its steps."""
    width = len(row[0])
    cost, steps = row[0], []
    for line in row[1:]:
        left, right = [1e9, *cost[:-1]], [*cost[1:], 1e9]
        best, step = [], []
        for x in range(width):
            straight, a, b = cost[x], left[x] + _ASIDE, right[x] + _ASIDE
            if straight <= a and straight <= b:
                best.append(line[x] + straight)
                step.append(0)
            elif a <= b:
                best.append(line[x] + a)
                step.append(-1)
            else:
                best.append(line[x] + b)
                step.append(1)
        cost = best
        steps.append(step)
    return cost, steps


def _traced(steps: list[list[int]], column: int) -> list[int]:
    """Return the columns of the way that ends in this column, from its end to its start."""
    path = [column]
    for step in reversed(steps):
        column += step[column]
        path.append(column)
    return path


def _piece(row: Rows, cuts: list[Cut], first: int, last: int, side: int) -> list[Piece]:
    """Return what is between two cuts, or nothing if it cannot be a digit."""
    left, right = cuts[first], cuts[last]
    start, end = min(left.path), max(left.path + right.path)  # cuts may cross
    rows = [
        [0.0] * (a - start) + line[a:b] + [0.0] * (end - max(a, b))
        for line, a, b in zip(row, left.path, right.path)
    ]
    parts = parts_of(rows, 0.4) if rows[0] else []
    parts = [part for part in parts if part.ink > _DEBRIS * parts[0].ink]
    if not parts or parts[0].ink < 8:
        return []
    tops, lefts, bottoms, rights = zip(*(part.box for part in parts))
    box = Box(min(tops), min(lefts), max(bottoms), max(rights)).grown(1, len(rows), len(rows[0]))
    if box.width > _WIDEST * _HEIGHT:
        return []
    own = [[0.0] * len(rows[0]) for _ in rows]
    for part in parts:
        for r, c in part.pixels:
            for x in range(max(0, c - 1), min(len(rows[0]), c + 2)):
                own[r][x] = rows[r][x]
    whole = centred(fitted(cut(own, box), side), side)
    tall = sum(part.box.height > _TALL * _HEIGHT for part in parts)
    too_wide = max(0.0, box.width / _HEIGHT - _WIDE)
    too_low = max(0.0, _LOW - box.height / _HEIGHT)
    doubts = ((left.ink + right.ink) / 2, too_wide, too_low, max(0, tall - 1))
    return [Piece(first, last, whole, doubts)]


def _best_way(cuts: int, pieces: Sequence[Piece], gains: Sequence[float], count: int) -> list[int]:
    """Return the numbers of the pieces of the best way from the first cut to the last."""
    best: dict[tuple[int, int], tuple[float, list[int]]] = {(0, 0): (0.0, [])}
    for k, piece in sorted(enumerate(pieces), key=lambda each: each[1][:2]):
        for (place, digits), (total, way) in list(best.items()):
            if place == piece.first and (not count or digits < count):
                there = (piece.last, digits + 1 if count else 0)
                if there not in best or best[there][0] < total + gains[k]:
                    best[there] = (total + gains[k], [*way, k])
    end = (cuts - 1, count)
    if end not in best:
        raise DataError(f"there is no row of {count or 'some'} digits in this picture")
    return best[end][1]


def _marked(row: Rows, cuts: Sequence[Cut]) -> Rows:
    """Return a row with its cuts drawn as dashed paths."""
    rows = [line[:] for line in row]
    for each in cuts:
        for y, x in enumerate(each.path):
            rows[y][x] = 1.0 if y % 4 < 2 else 0.0
    return rows
