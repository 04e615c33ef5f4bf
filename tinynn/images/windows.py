"""Windows along a row of digits: 28×28 pixels each, with the neighbours of what they are on."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple, Optional

from tinynn.images.digit import stroke_width
from tinynn.images.pixels import Rows, framed, resized, spread

SIDE, HALF = 28, 14
TALL = 20  # rows of pixels to which the digits of a row are scaled, as MNIST's are
NONE = 10  # the answer where no digit is at the middle of a window
_INK = 0.35  # of full ink: as dark is a stroke
_STROKE = 2.0  # pixels: strokes at least so wide
_REACH = 6  # columns on either side of its middle over which a window looks for its height
_FAINT = 1.5  # pixels of ink: with less there, a window is empty


class Strip(NamedTuple):
    """A row of digits at the size of MNIST's, in an empty frame; sums over its first columns."""

    rows: Rows
    ink: list[float]
    moment: list[float]

    def window(self, column: int) -> Optional[Rows]:
        """Return the window whose middle is before this column, at the height of its ink.

        Nothing is cut away. Returns None where there is no ink.
        """
        first, last = max(0, column - _REACH), min(len(self.rows[0]), column + _REACH)
        ink = self.ink[last] - self.ink[first]
        if ink < _FAINT:
            return None
        row = round((self.moment[last] - self.moment[first]) / ink)
        row = min(max(row, HALF), len(self.rows) - HALF)
        return [line[column - HALF : column + HALF] for line in self.rows[row - HALF : row + HALF]]


def strip_of(crop: Rows) -> Strip:
    """Return the ink of a row of digits, scaled in proportion, with strokes as wide as MNIST's."""
    tall = _tall(crop)
    grow = round((_STROKE * tall / TALL - stroke_width(crop)) / 2)
    if grow > 0:
        crop = spread(framed(crop, grow), grow, grow)
        tall += 2 * grow
    height, width = (max(1, round(len(lines) * TALL / tall)) for lines in (crop, crop[0]))
    rows = framed(resized(crop, height, width), HALF)
    columns = [*zip(*rows)]
    ink = [0.0, *accumulate(map(sum, columns))]
    moments = (sum((r + 0.5) * a for r, a in enumerate(column)) for column in columns)
    return Strip(rows, ink, [0.0, *accumulate(moments)])


def _tall(crop: Rows) -> int:
    """Return how tall most digits are: near each column, ink reaches from a top to a bottom."""
    spans = []
    for column in zip(*crop):
        inked = [r for r, a in enumerate(column) if a > _INK]
        spans.append((inked[0], inked[-1] + 1) if inked else None)
    reach = max(2, len(crop) // 6)
    tall = []
    for c, own in enumerate(spans):
        if own:
            near = [each for each in spans[max(0, c - reach) : c + reach + 1] if each]
            tall.append(max(end for _, end in near) - min(start for start, _ in near))
    return sorted(tall)[len(tall) * 2 // 3] if tall else len(crop)
