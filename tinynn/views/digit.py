"""A picture of one digit: ``python -m tinynn.views.digit``."""

from __future__ import annotations

from typing import Optional

from tinynn.linalg import Vector
from tinynn.views.lines import Line, Page
from tinynn.views.pictures import PAIRED, SMALL, Rows, Way, greys, inked, rows_of


class Digit(Page):
    """An image in greys: each pixel two characters wide, or a half one high if it is large.

    Of a large image the blank rows above and below are left out. Where there is no colour,
    pixels are shaded characters. ``compact`` says whether to draw it as a large one, with all rows.
    """

    def __init__(
        self, image: Vector, shape: tuple[int, int], compact: Optional[bool] = None
    ) -> None:
        rows = rows_of(image, shape[1])
        large = shape[1] > SMALL if compact is None else compact
        self.rows: Rows = inked(rows) if large and compact is None else rows
        self.way = PAIRED if large else Way()

    @property
    def width(self) -> int:
        """The number of columns on the screen."""
        return len(self.rows[0]) * self.way.across

    def lines(self, width: int, coloured: bool) -> list[Line]:
        """Return the lines of the picture."""
        return greys(self.rows, self.way, width, coloured)


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    test = load_digits().test
    print(Digit(test[0][0], test.image_shape))
