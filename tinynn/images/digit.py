"""From a photograph to the input of a network, stage by stage, as MNIST's digits were made."""

from __future__ import annotations

from typing import NamedTuple

from tinynn.errors import DataError
from tinynn.images.ink import Ink, ink_of
from tinynn.images.pixels import Box, Part, Rows, cut, parts_of, reduced, resized, spread
from tinynn.linalg import Vector

LONGEST = 160
_LEAST = 12  # pixels: less ink is a speck


class Stage(NamedTuple):
    """A picture on the way to the input: its name, and pixels from 0 (black) to 1 (white)."""

    name: str
    rows: Rows


class Prepared(NamedTuple):
    """The pictures on the way, the first is the photograph in grey, and the input itself."""

    stages: tuple[Stage, ...]
    pixels: Vector


def prepare(grey: Rows, side: int = 28, ruled: bool = True) -> Prepared:
    """Return a picture of a digit as the input of a network, with the stages on the way.

    Without ``ruled`` no lines of ruled paper are looked for: a long straight stroke is one, too.
    """
    photo, grey = grey, reduced(grey, LONGEST)
    ink = ink_of(grey, ruled)
    box, rows = inked(ink, digit_parts(ink))
    scale = len(photo) / len(grey)
    near = box.grown(max(box.height, box.width) * 2 // 5, len(grey), len(grey[0]))
    if scale > 1.0 and max(near.height, near.width) < 0.7 * LONGEST:
        nearer = Box(*(int(scale * place) for place in near))
        ink = ink_of(reduced(cut(photo, nearer), LONGEST), ruled)
        box, rows = inked(ink, digit_parts(ink))
    small = fitted(rows, side)
    whole = centred(small, side)
    stages = (
        Stage("grey", [[pixel / 255 for pixel in row] for row in grey]),
        Stage("ink", ink.rows),
        Stage("crop", rows),
        Stage("scaled", small),
        Stage("centred", whole),
    )
    levels = 16 if side == 8 else 255
    scale = 16 if side == 8 else 256
    return Prepared(stages, Vector([round(levels * pixel) / scale for row in whole for pixel in row]))


def digit_parts(ink: Ink) -> list[Part]:
    """Return the parts of the ink that make the digit: the largest, and what is near and not small."""
    parts = parts_of(ink.rows, ink.threshold)
    if not parts:
        raise DataError("there is no digit in it: the sheet is empty")
    height, width = len(ink.rows), len(ink.rows[0])

    def weight(part: Part) -> float:
        box = part.box
        touches = (box.top == 0) + (box.left == 0) + (box.bottom == height) + (box.right == width)
        return part.ink / (1 + 3 * touches)

    main = max(parts, key=weight)
    box = main.box
    near = max(box.height, box.width) // 4
    chosen = [main]
    for part in parts:
        other = part.box
        beside = (
            other.left <= box.right + near and other.right >= box.left - near
            and other.top <= box.bottom + near and other.bottom >= box.top - near
        )
        if part is not main and beside and part.ink > 0.06 * main.ink:
            chosen.append(part)
    return chosen


def inked(ink: Ink, parts: list[Part]) -> tuple[Box, Rows]:
    """Return the ink of some parts alone, cropped, with full ink as 1 and soft edges."""
    boxes = [part.box for part in parts]
    height, width = len(ink.rows), len(ink.rows[0])
    tops, lefts, bottoms, rights = zip(*boxes)
    box = Box(min(tops), min(lefts), max(bottoms), max(rights)).grown(1, height, width)
    levels = sorted(ink.rows[r][c] for part in parts for r, c in part.pixels)
    full = levels[len(levels) // 2]
    low = max(0.0, 2 * ink.threshold - full)
    own = [[0.0] * width for _ in range(height)]
    for part in parts:
        for r, c in part.pixels:
            own[r][c] = 1.0
    own = spread(own, 1, 1)
    rows = [
        [min(1.0, max(0.0, (value - low) / (full - low))) if mine else 0.0 for value, mine in zip(a, b)]
        for a, b in zip(cut(ink.rows, box), cut(own, box))
    ]
    return box, rows


def stroke_width(rows: Rows) -> float:
    """Return how wide the strokes are, in pixels: twice the area by the length of its edge."""
    area = sum(map(sum, rows))
    edge = sum(abs(a - b) for row in rows for a, b in zip([0.0, *row], [*row, 0.0]))
    edge += sum(abs(a - b) for column in zip(*rows) for a, b in zip([0.0, *column], [*column, 0.0]))
    return 2 * area / (0.8 * edge) if edge else 0.0


def fitted(rows: Rows, side: int) -> Rows:
    """Return a digit scaled in proportion to the box that it has in its input."""
    box = 20 * side // 28 if side > 8 else 8
    height, width = len(rows), len(rows[0])
    scale = box / max(height, width)
    wide = stroke_width(rows) * scale
    least = 2.0 * side / 28
    if wide < least:
        grow = round((least - wide) / scale / 2)
        if grow:
            rows = [[0.0] * (width + 2 * grow)] * grow + [[0.0] * grow + row + [0.0] * grow for row in rows] + [[0.0] * (width + 2 * grow)] * grow
            rows = spread(rows, grow, grow)
            height, width = len(rows), len(rows[0])
            scale = box / max(height, width)
    return resized(rows, max(1, round(height * scale)), max(1, round(width * scale)))


def centred(small: Rows, side: int) -> Rows:
    """Return a picture of side × side pixels with the centre of mass of the ink at its centre."""
    total = sum(map(sum, small))
    row = sum((r + 0.5) * sum(line) for r, line in enumerate(small)) / total
    column = sum((c + 0.5) * sum(line) for c, line in enumerate(zip(*small))) / total
    top = min(max(round(side / 2 - row), 0), side - len(small))
    left = min(max(round(side / 2 - column), 0), side - len(small[0]))
    whole = [[0.0] * side for _ in range(side)]
    for r, line in enumerate(small):
        whole[top + r][left : left + len(line)] = line
    return whole
