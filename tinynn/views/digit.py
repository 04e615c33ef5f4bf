"""A picture of one digit: ``python -m tinynn.views.digit``."""

from __future__ import annotations

from functools import lru_cache
from typing import Optional

from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

from tinynn.linalg import Vector
from tinynn.views.blocks import shade

SMALL = 12  # an image of up to this many columns is drawn two characters a pixel


class Digit:
    """An image in greys: each pixel two characters wide, or a half one high if it is large.

    Of a large image the blank rows above and below are left out. Where there is no colour,
    pixels are shaded characters. ``compact`` says whether to draw it as a large one, with all rows.
    """

    def __init__(
        self, image: Vector, shape: tuple[int, int], compact: Optional[bool] = None
    ) -> None:
        rows, columns = shape
        self.rows = [image[row * columns : (row + 1) * columns].entries for row in range(rows)]
        self.large = columns > SMALL if compact is None else compact
        if self.large and compact is None:
            inked = [row for row, pixels in enumerate(self.rows) if any(pixels)] or [0]
            self.rows = self.rows[inked[0] : inked[-1] + 1]

    @property
    def width(self) -> int:
        """The number of columns on the screen."""
        return len(self.rows[0]) * (1 if self.large else 2)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(self.width, self.width)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        coloured = is_coloured(console)
        if self.large:
            lower = [*self.rows[1::2], *([[0.0] * len(self.rows[0])] * (len(self.rows) % 2))]
            pairs = [list(zip(top, below)) for top, below in zip(self.rows[::2], lower)]
        else:
            pairs = [[(ink, ink) for ink in row] for row in self.rows]
        for row in pairs:
            for top, below in row:
                if coloured and self.large:
                    yield Segment("▀", Style(color=grey(top), bgcolor=grey(below)))
                elif coloured:
                    yield Segment("  ", Style(bgcolor=grey(top)))
                else:
                    yield Segment(shade((top + below) / 2) * (1 if self.large else 2))
            yield Segment.line()


def is_coloured(console: Console) -> bool:
    """Return whether a picture can be drawn in colour, with half a line a pixel."""
    in_colour = console.color_system is not None and not console.no_color
    return in_colour and console.encoding.startswith("utf")


def grey(ink: float) -> Color:
    """Return the grey of so much ink, from nearly black, 0, to white, 1."""
    return _level(round(20 + 235 * max(0.0, min(1.0, ink))))


@lru_cache(maxsize=256)
def _level(level: int) -> Color:
    return Color.from_rgb(level, level, level)


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    test = load_digits().test
    Console().print(Digit(test[0][0], test.image_shape))
