"""From a photograph to the input of a network, stage by stage, as MNIST's digits were made."""

from __future__ import annotations

from itertools import chain
from math import isqrt
from typing import NamedTuple

from tinynn.errors import DataError, require_row
from tinynn.images.ink import Ink, ink_of
from tinynn.images.pixels import (
    Box,
    Part,
    Rows,
    box_around,
    cut,
    framed,
    parts_of,
    reduced,
    resized,
    spread,
)
from tinynn.linalg import Vector

LONGEST = 160  # rows and columns that are looked at
ROW = 480  # of a row of digits
_LEAST = 6  # rows and columns: a smaller picture shows no digit
_FAINT = 0.06  # of full contrast: what differs less from its ground is no ink
_CLEAR = 2.5  # times the noise of the ground: so much darker is ink
_SPECK = 0.035  # of the longer side: anything smaller is a speck
_SMALL = 0.06  # of the ink of the largest part: another part has as much to belong to the digit
_TALLER = 1.5  # times the height of the largest digit of a row: another is no taller
_THIN = 2.0 / 28  # of the input's side: strokes at least so wide, as MNIST's are
_EMPTY = "there is no digit in this picture"


class Stage(NamedTuple):
    """A picture on the way to the input: its name, and pixels from 0 (black) to 1 (white)."""

    name: str
    rows: Rows


class Prepared(NamedTuple):
    """The input of a network, and the stages on the way to it from the photograph in grey."""

    stages: tuple[Stage, ...]
    pixels: Vector


class Found(NamedTuple):
    """The ink of a picture, and the parts of it that are one digit, or a row of them."""

    grey: Rows
    ink: Ink
    parts: list[Part]

    @property
    def box(self) -> Box:
        """The smallest box around all parts."""
        return box_around(self.parts)


def prepare(grey: Rows, side: int = 28, ruled: bool = True) -> Prepared:
    """Return a picture of a digit as the input of a network, with the stages on the way.

    ``grey`` has rows of numbers from 0 (black) to 255 (white); the ink may be darker or brighter
    than its ground. The input has side × side pixels. With 28 it is as in MNIST: numbers k/256, the
    digit fitted to 20×20, its centre of mass at the centre. With 8 it is as in the digits that
    ship: numbers k/16.

    With ``ruled``, lines of ruled paper are removed: a straight stroke from edge to edge is taken
    for one. Raises DataError if there is no digit.
    """
    return prepared(find(grey, ruled), side)


def prepared(found: Found, side: int = 28) -> Prepared:
    """Return a found digit as the input of a network, with the stages on the way."""
    crop = inked(found)
    small = fitted(crop, side)
    whole = centred(small, side)
    stages = (
        Stage("grey", [[pixel / 255 for pixel in row] for row in found.grey]),
        Stage("ink", found.ink.rows),
        Stage("crop", crop),
        Stage("scaled", small),
        Stage("centred", whole),
    )
    return Prepared(stages, as_input(whole))


def as_input(whole: Rows) -> Vector:
    """Return the pixels rounded as in the training data: to k/256 of MNIST, or k/16 for 8×8."""
    levels, scale = (16, 16) if len(whole) == 8 else (255, 256)
    return Vector([round(levels * pixel) / scale for pixel in chain.from_iterable(whole)])


def find(grey: Rows, ruled: bool = True, row: bool = False, longest: int = LONGEST) -> Found:
    """Find the ink of a digit, or of a ``row`` of digits, in a picture.

    A small one is cut out of the large picture and looked at again, enlarged. Raises DataError if
    there is none.
    """
    photo, grey = _required(grey), reduced(grey, longest)
    found = _found(grey, ruled, row)
    scale, box = len(photo) / len(grey), found.box
    near = box.grown(max(6, max(box.height, box.width) * 2 // 5), len(grey), len(grey[0]))
    if scale > 1.0 and max(near.height, near.width) < 0.7 * longest:
        nearer = Box(*(int(scale * place) for place in near))
        again = _found(reduced(cut(photo, nearer), longest), ruled, row)
        return again._replace(grey=grey)
    return found


def _required(grey: Rows) -> Rows:
    """Return the picture. Raises unless its rows have one length, and it is not too small."""
    rows = [*require_row("grey", grey, "[[0, 255], [255, 0]]", "rows of numbers")]
    widths = {len(require_row("grey", row, "[[0, 255], [255, 0]]")) for row in rows}
    if len(widths) != 1:
        raise DataError(f"grey: expected rows of one length, got {len(widths)} lengths")
    height, width = len(rows), widths.pop()
    if min(height, width) < _LEAST:
        raise DataError(f"{_EMPTY}: it has only {width}×{height} pixels")
    return rows


def _found(grey: Rows, ruled: bool, row: bool) -> Found:
    """Return the ink and its parts. Raises DataError unless it is clear, and more than a speck."""
    ink = ink_of(grey, ruled)
    if ink.contrast < _FAINT:
        levels = [pixel for line in grey for pixel in line]
        mean = sum(levels) / len(levels)
        shade = "black" if mean < 32 else "white" if mean > 223 else "of one grey"
        raise DataError(f"{_EMPTY}: it is {shade} all over, without ink")
    values = sorted(chain.from_iterable(ink.rows))
    ground = values[len(values) // 2]
    noise = values[len(values) * 4 // 5] - ground  # a deviation or so, where most is ground
    found = Found(grey, ink, _chosen(ink, row))
    levels = sorted(ink.rows[r][c] for part in found.parts for r, c in part.pixels)
    if max(found.box.height, found.box.width) <= max(3, _SPECK * max(len(grey), len(grey[0]))):
        raise DataError(f"{_EMPTY}: all its ink is a speck of {len(levels)} pixels")
    inked_share = len(levels) / len(values)
    if inked_share < 0.15 and levels[len(levels) // 2] - ground < _CLEAR * noise:
        raise DataError(f"{_EMPTY}: nothing in it is clearer than the noise of the background")
    return found


def _chosen(ink: Ink, row: bool) -> list[Part]:
    """Return the parts of the digit (or row): the largest, and those near it that are not small.

    A part at the edge of the picture is none, unless it is a digit of a row cropped so closely.
    """
    parts = parts_of(ink.rows, ink.threshold)
    height, width = len(ink.rows), len(ink.rows[0])

    def weight(part: Part) -> float:
        box = part.box
        edges = (box.top == 0) + (box.left == 0) + (box.bottom == height) + (box.right == width)
        return part.ink / (1 + 3 * edges)

    main = max(parts, key=weight)
    chosen, box = [main], main.box
    near = max(box.height, box.width) // 4
    for part in parts:
        y, x = part.box.middle
        if part is main or part.ink <= _SMALL * main.ink:
            continue
        if weight(part) < part.ink and not (row and part.box.height < _TALLER * box.height):
            continue
        level = box.top - near <= y <= box.bottom + near
        if level and (row or box.left - near <= x <= box.right + near):
            chosen.append(part)
    return chosen


def inked(found: Found) -> Rows:
    """Return the ink of the found parts alone, cropped, from 0 to 1 with soft edges."""
    ink, parts = found.ink, found.parts
    height, width = len(ink.rows), len(ink.rows[0])
    box = found.box.grown(1, height, width)
    levels = sorted(ink.rows[r][c] for part in parts for r, c in part.pixels)
    full = levels[len(levels) // 2]
    low = max(0.0, 2 * ink.threshold - full)
    own = [[0.0] * width for _ in range(height)]
    for part in parts:
        for r, c in part.pixels:
            own[r][c] = 1.0
    return [
        [min(1.0, max(0.0, a - low) / (full - low)) * mine for a, mine in zip(*two)]
        for two in zip(cut(ink.rows, box), cut(spread(own, 1, 1), box))
    ]


def stroke_width(rows: Rows) -> float:
    """Return the width of the strokes: twice their area divided by the length of their edge."""
    area = sum(map(sum, rows))
    edge = 0.0
    for lines in (rows, zip(*rows)):
        edge += sum(abs(a - b) for line in lines for a, b in zip([0.0, *line], [*line, 0.0]))
    return 2 * area / (0.8 * edge) if edge else 0.0


def fitted(rows: Rows, side: int) -> Rows:
    """Return a digit scaled in proportion to fit its box in the input: 20×20 of MNIST's 28×28.

    Strokes that would be thinner than those of MNIST are made wider.
    """
    box = side if side == 8 else 20 * side // 28
    scale = box / max(len(rows), len(rows[0]))
    grow = round((_THIN * side / scale - stroke_width(rows)) / 2)
    if grow > 0:
        rows = spread(framed(rows, grow), grow, grow)
        scale = box / max(len(rows), len(rows[0]))
    return resized(rows, max(1, round(len(rows) * scale)), max(1, round(len(rows[0]) * scale)))


def centred(small: Rows, side: int) -> Rows:
    """Return a picture of side × side pixels with the centre of mass of the ink at its centre."""
    total = sum(map(sum, small)) or 1.0
    row = sum((r + 0.5) * sum(line) for r, line in enumerate(small)) / total
    column = sum((c + 0.5) * sum(line) for c, line in enumerate(zip(*small))) / total
    top = min(max(round(side / 2 - row), 0), side - len(small))
    left = min(max(round(side / 2 - column), 0), side - len(small[0]))
    whole = [[0.0] * side for _ in range(side)]
    for r, line in enumerate(small):
        whole[top + r][left : left + len(line)] = line
    return whole


def require_side(inputs: int, outputs: int) -> int:
    """Return the side of a network's input. Raises DataError unless it is one for digits."""
    side = isqrt(inputs)
    if side * side != inputs or side < 8 or outputs != 10:
        given = f"got {inputs} inputs and {outputs} outputs"
        expected = "expected a network for digits, with 28×28 or 8×8 inputs and 10 outputs"
        raise DataError(f"{expected}, {given}")
    return side
