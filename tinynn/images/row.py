"""A number of several digits: a network looks through a window along it, and says where each is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log
from operator import add
from typing import NamedTuple

from tinynn.errors import DataError
from tinynn.images.digit import Found, Stage, as_input, centred, fitted, inked
from tinynn.images.pixels import Rows, box_around, cut, parts_of
from tinynn.images.windows import HALF, NONE, Strip, strip_of
from tinynn.linalg import Vector

_ASIDE = 0.2  # what it costs a cut to move one column aside, in pixels of ink
_OFF = 0.25  # of the way from one middle to the next: so near to either there is no cut
_SINGLE = 1.3  # times its height: one part alone as wide as this is several digits
_DEBRIS = 0.12  # of the ink of a piece: what a cut leaves of the digit beside it
_FAINT = 0.1  # of full ink: less is no part of a piece
_WHOLE = 1.0  # pixels of ink: a cut that crosses less leaves the pieces beside it whole
_LEAST = 8  # columns from the middle of a digit to that of the next
_BAND = 2  # columns on either side of a middle where windows may answer either
_EMPTY = 1.2  # how much it counts that no digit is in the middle of a window
_MORE = 2.0  # what a digit has to gain, as a logarithm
_SEVERAL = 10.0  # what several digits have to gain over one, if the network is sure that it is one
_SURE = 0.8  # an output above this is sure
_FLOOR = 1e-4  # an output counts as at least so much

Answers = Callable[[Sequence[Vector]], Sequence[Sequence[float]]]


class Cut(NamedTuple):
    """A path from the top to the bottom: its column in each row, and the ink that it crosses."""

    path: list[int]
    ink: float


class Piece(NamedTuple):
    """What is between two cuts, as an input, and whether nothing was cut off."""

    rows: Rows
    is_whole: bool


class Reading(NamedTuple):
    """A row of digits: the stages, a piece for each digit, and the outputs for each."""

    stages: tuple[Stage, ...]
    pieces: tuple[Piece, ...]
    outputs: list[list[float]]


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


def row_of(
    found: Found, seen: Answers, answers: Answers, side: int = 28, count: int = 0
) -> Reading:
    """Return the digits of a row, where a network that looks through windows finds them.

    ``seen`` are its answers to windows of 28×28 pixels: ten digits, or none in the middle. Nothing
    is cut before it has answered: a window shows a digit with its neighbours. Cuts are then made
    where the least ink is between two digits. ``answers`` are those of another network, of
    ``side`` × ``side`` pixels, to a digit by itself: it is asked about each piece from which
    nothing was cut off, and both networks' outputs are multiplied. ``count`` is how many digits
    there are, if that is known. Raises DataError if there are none, or not so many.
    """
    strip = strip_of(inked(found))
    logs = _seen(strip, seen)
    digits = [
        _mean([each[:NONE] for each in logs[max(0, k - 1) : k + 2]]) for k in range(len(logs))
    ]
    gains = [_gain(digits, logs, k) for k in range(len(logs))]
    places = _best(gains, count)
    if not places:
        raise DataError(f"there is no row of {count or 'some'} digits in this picture")

    def alone(pieces: Sequence[Piece]) -> Sequence[Sequence[float]]:
        return answers([as_input(piece.rows) for piece in pieces])

    def is_digit(left: Cut, right: Cut) -> bool:
        return max(alone([_piece(strip.rows, left, right, side)])[0]) > _SURE

    cuts = _cuts(strip.rows, places)
    if not count:
        places = _without_halves(places, gains, cuts, is_digit)
        cuts = _cuts(strip.rows, places)
    pieces = tuple(_piece(strip.rows, *two, side) for two in zip(cuts, cuts[1:]))
    own = iter(alone([piece for piece in pieces if piece.is_whole]))
    outputs = [
        _shares([*map(add, digits[k], _logs(next(own)))] if piece.is_whole else digits[k])
        for k, piece in zip(places, pieces)
    ]
    stages = (
        Stage("grey", [[pixel / 255 for pixel in line] for line in found.grey]),
        Stage("ink", found.ink.rows),
        Stage("cuts", _marked(strip.rows, [each.path for each in cuts[1:-1]])),
    )
    return Reading(stages, pieces, outputs)


_BLANK = [0.0] * NONE + [1.0]
_NO_WAY: tuple[float, tuple[int, ...]] = (float("-inf"), ())


def _seen(strip: Strip, seen: Answers) -> list[list[float]]:
    """Return the logarithms of a network's answers to the windows along a strip."""
    columns = range(HALF, len(strip.rows[0]) - HALF + 1)
    windows = [strip.window(column) for column in columns]
    asked = iter(seen([as_input(window) for window in windows if window]))
    return [_logs(next(asked) if window else _BLANK) for window in windows]


def _logs(outputs: Sequence[float]) -> list[float]:
    return [log(max(float(a), _FLOOR)) for a in outputs]


def _mean(rows: list[list[float]]) -> list[float]:
    return [sum(column) / len(rows) for column in zip(*rows)]


def _shares(logs: list[float]) -> list[float]:
    """Return numbers in proportion to those with these logarithms, whose sum is 1."""
    powers = [exp(each) for each in logs]
    return [power / sum(powers) for power in powers]


def _gain(digits: list[list[float]], logs: list[list[float]], k: int) -> float:
    """Return how much more likely it is that a digit is at this place than that none is near."""
    empty = sum(each[NONE] for each in logs[max(0, k - _BAND) : k + _BAND + 1])
    return max(digits[k]) - _EMPTY * empty - _MORE


def _without_halves(
    places: Sequence[int],
    gains: Sequence[float],
    cuts: Sequence[Cut],
    is_digit: Callable[[Cut, Cut], bool],
) -> tuple[int, ...]:
    """Return the places, with one for those that are on parts of one digit.

    Those are between two cuts that cross no ink, gain little over one place, and what is between
    the two cuts is a digit.
    """
    kept: list[int] = []
    free = [k for k, each in enumerate(cuts) if each.ink < _WHOLE]
    for start, end in zip(free, free[1:]):
        some = places[start:end]
        one = max(range(some[0], some[-1] + 1), key=gains.__getitem__)
        more = sum(gains[k] for k in some) - gains[one]
        if len(some) > 1 and more < _SEVERAL and is_digit(cuts[start], cuts[end]):
            some = (one,)
        kept += some
    return tuple(kept)


def _best(gains: Sequence[float], count: int = 0) -> tuple[int, ...]:
    """Return the places, at least ``_LEAST`` apart, whose gains have the largest sum.

    ``count`` is how many, or 0 for as many as are best.

    >>> _best([0.0, 2.0, 3.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0, -1.0]), _best([1.0, 2.0], 2)
    ((1, 9), ())
    """
    fewer: list[tuple[float, tuple[int, ...]]] = [(0.0, ())] * (len(gains) + 1)
    best = fewer[0]
    for _ in range(count or len(gains)):
        ways = [_NO_WAY]  # with one place more, within the first places
        for k, gain in enumerate(gains):
            total, way = fewer[max(0, k + 1 - _LEAST)]
            ways.append(max(ways[-1], (total + gain, (*way, k))))
        if ways[-1][0] == _NO_WAY[0]:
            return () if count else best[1]
        fewer, best = ways, ways[-1] if count else max(best, ways[-1])
    return best[1]


def _cuts(rows: Rows, places: Sequence[int]) -> list[Cut]:
    """Return both ends of a row of pixels, and between them a cut for each two places."""
    middles = [HALF + k for k in places]
    paths = [_path(rows, *two) for two in zip(middles, middles[1:])]
    return [Cut([0] * len(rows), 0.0), *paths, Cut([len(rows[0])] * len(rows), 0.0)]


def _path(rows: Rows, left: int, right: int) -> Cut:
    """Return the cheapest path from the top to the bottom between two columns.

    It pays for the ink that it crosses, and a little for each step aside.
    """
    aside = round(_OFF * (right - left))
    left, right = left + aside, right - aside
    costs, steps = rows[0][left:right], []
    for line in rows[1:]:
        step = []
        for c in range(len(costs)):
            near = range(max(0, c - 1), min(len(costs), c + 2))
            step.append(min(near, key=lambda x: costs[x] + _ASIDE * abs(x - c)))
        costs = [costs[x] + _ASIDE * abs(x - c) + line[left + c] for c, x in enumerate(step)]
        steps.append(step)
    middle = (len(costs) - 1) / 2
    place = min(range(len(costs)), key=lambda c: costs[c] + _ASIDE * abs(c - middle))
    path = [place]
    for step in reversed(steps):
        path.append(step[path[-1]])
    path = [left + c for c in reversed(path)]
    return Cut(path, sum(line[c] for line, c in zip(rows, path)))


def _piece(rows: Rows, left: Cut, right: Cut, side: int) -> Piece:
    """Return what is between two cuts, without small remains of its neighbours."""
    own = [
        [0.0] * a + line[a:b] + [0.0] * (len(line) - b)
        for line, a, b in zip(rows, left.path, right.path)
    ]
    parts = parts_of(own, _FAINT)
    parts = [part for part in parts if part.ink > _DEBRIS * parts[0].ink]
    whole = [[0.0] * side for _ in range(side)]
    if parts:
        kept = [[0.0] * len(rows[0]) for _ in rows]
        for part in parts:
            for r, c in part.pixels:
                kept[r][c] = own[r][c]
        whole = centred(fitted(cut(kept, box_around(parts)), side), side)
    return Piece(whole, max(left.ink, right.ink) < _WHOLE)


def _marked(row: Rows, paths: Sequence[Sequence[int]]) -> Rows:
    """Return a row, without most of its frame, with its cuts drawn as dashed paths."""
    rows = [line[:] for line in row]
    for path in paths:
        for y, x in enumerate(path):
            rows[y][x] = 1.0 if y % 4 < 2 else 0.0
    frame = HALF - 2
    return [line[frame:-frame] for line in rows[frame:-frame]]
