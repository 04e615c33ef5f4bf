"""A picture of one digit: ``python -m tinynn.views.digit``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Optional

from tinynn.linalg import Vector
from tinynn.views.lines import Line, Page, is_coloured
from tinynn.views.pictures import PAIRED, SMALL, Rows, Way, grey, greys, inked, rows_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.measure import Measurement

__all__ = ["SMALL", "Digit", "grey", "is_coloured"]


class Digit(Page):
    """An image in greys: each pixel two characters wide, or a half one high if it is large.

    Of a large image the blank rows above and below are left out. Where there is no colour,
    pixels are shaded characters. ``compact`` says whether to draw it as a large one, with all rows.
    """

    def __init__(
        self, image: Vector, shape: tuple[int, int], compact: Optional[bool] = None
    ) -> None:
        self.rows: Rows = rows_of(image, shape[1])
        self.large = shape[1] > SMALL if compact is None else compact
        if self.large and compact is None:
            self.rows = inked(self.rows)

    @property
    def width(self) -> int:
        """The number of columns on the screen."""
        return len(self.rows[0]) * (1 if self.large else 2)

    def lines(self, width: int, coloured: bool) -> Iterable[Line]:
        """Return the lines of the picture."""
        return greys(self.rows, PAIRED if self.large else Way(), width, coloured)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        from rich.measure import Measurement

        return Measurement(self.width, self.width)


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    test = load_digits().test
    print(Digit(test[0][0], test.image_shape))
