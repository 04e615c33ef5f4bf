"""Images and weights as pictures made of characters: ``python -m tinynn.views.pictures``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple, Optional

from tinynn.datasets.examples import Examples
from tinynn.linalg import Vector
from tinynn.views.blocks import shade
from tinynn.views.lines import Line, Page, Part, Stack, beside, text_of

Rows = Sequence[Sequence[float]]  # pixels from 0 to 1, or weights from -1 to 1
ENDLESS = 10_000  # lines, where no screen limits them
GAP = 2  # columns between two pictures, where there is room
SMALL = 12  # an image of up to this many columns is drawn two characters a pixel
_BELOW, _ZERO, _ABOVE = (0, 10, 90), (96, 96, 96), (255, 235, 130)
_NO_INK, _INK = (20, 20, 20), (255, 255, 255)


class Way(NamedTuple):
    """A way to draw a picture: the characters of a pixel, or two rows of pixels ``paired`` in one.

    ``halved``, four pixels are one; with a ``scale``, a pixel is as many each way.
    """

    across: int = 2
    paired: bool = False
    halved: bool = False
    scale: int = 1

    def pixels(self, rows: Rows) -> Rows:
        """Return the pixels as they are drawn."""
        rows = halved(rows) if self.halved else rows
        wide = [[each for each in row for _ in range(self.scale)] for row in rows]
        return [row for row in wide for _ in range(self.scale)]


PAIRED = Way(1, True)
Draw = Callable[[Rows, Way, int, bool], list[Line]]  # the room in columns; whether in colour


def rows_of(image: Vector, columns: int) -> list[list[float]]:
    """Return the pixels of an image, row by row."""
    return [image.entries[at : at + columns] for at in range(0, len(image), columns)]


def halved(rows: Rows) -> list[list[float]]:
    """Return the image at half its height and width: a pixel is the mean of 2×2.

    >>> halved([[1.0, 0.0, 0.5], [1.0, 0.0, 0.5]])
    [[0.5, 0.25]]
    """
    even = [[*row, *[0.0] * (len(row) % 2)] for row in rows]
    even += [[0.0] * len(even[0])] * (len(even) % 2)
    pairs = [[a + b for a, b in zip(*two)] for two in zip(even[::2], even[1::2])]
    return [[(a + b) / 4 for a, b in zip(row[::2], row[1::2])] for row in pairs]


def inked(rows: Rows) -> Rows:
    """Return an image without the blank rows above and below."""
    inked = [row for row, pixels in enumerate(rows) if any(pixels)] or [0]
    return rows[inked[0] : inked[-1] + 1]


def greys(rows: Rows, way: Way, room: int = 0, coloured: bool = False) -> list[Line]:
    """Return an image in greys; without colours, in shades.

    >>> greys([[0.0, 0.5], [1.0, 1.0]], Way(2)), greys([[0.0, 0.5], [1.0, 1.0]], PAIRED)
    (['  ▒▒', '████'], ['▒▓'])
    """
    rows = way.pixels(rows)
    if coloured and way.paired:
        return _half_blocks(rows, grey)
    if coloured:
        return [[(" " * way.across, f"on {grey(ink)}") for ink in row] for row in rows]
    if way.paired:
        pairs = zip_longest(rows[::2], rows[1::2], fillvalue=[0.0] * len(rows[0]))
        rows = [[(top + below) / 2 for top, below in zip(*pair)] for pair in pairs]
    return ["".join(way.across * shade(ink) for ink in row) for row in rows]


def signs(rows: Rows, way: Way, room: int, coloured: bool) -> list[Line]:
    """Return weights: the lighter the further above 0, the darker the further below.

    Two characters each, with the sign, in lines that fit the ``room``; without colour, a sign
    and a shade.

    >>> signs([[0.5, -1.0, 0.01]], Way(2), 4, False)
    [['+▒', '−█'], ['  ']]
    """
    rows = way.pixels(rows)
    if way.paired:
        return _half_blocks(rows, _signed_colour)
    fit = max(1, room // 2)
    return [
        [_signed(share, coloured) for share in row[at : at + fit]]
        for row in rows
        for at in range(0, len(row), fit)
    ]


def _signed(share: float, coloured: bool) -> Part:
    ink = shade(abs(share))
    sign = " " if ink == " " else "−" if share < 0.0 else "+"
    if not coloured:
        return "  " if ink == " " else f"{sign}{ink}"
    return f"{sign} ", f"dim {'black' if share > 0.0 else 'white'} on {_signed_colour(share)}"


def _half_blocks(rows: Rows, colour: Callable[[float], str]) -> list[Line]:
    """Return two rows in each line: the upper one in the ink, the lower one behind it."""
    drawn: list[Line] = []
    for top, below in zip_longest(rows[::2], rows[1::2]):
        ground = [f" on {colour(each)}" for each in below] if below else [""] * len(top)
        drawn.append([("▀", f"{colour(ink)}{behind}") for ink, behind in zip(top, ground)])
    return drawn


def grey(ink: float) -> str:
    """Return the grey of so much ink, from nearly black, 0, to white, 1."""
    return rgb(mixed(_NO_INK, _INK, max(0.0, min(1.0, ink))))


def mixed(first: Sequence[float], last: Sequence[float], share: float) -> list[float]:
    """Return the colour that is a share of the way from one to another: red, green and blue."""
    return [low + share * (high - low) for low, high in zip(first, last)]


def rgb(colour: Sequence[float]) -> str:
    """Return a colour as Rich reads it."""
    return f"rgb({','.join(str(round(level)) for level in colour)})"


def _signed_colour(share: float) -> str:
    """Return grey for 0, a light yellow for 1, a dark blue for -1: distinct without hue, too."""
    return rgb(mixed(_ZERO, _BELOW if share < 0.0 else _ABOVE, min(1.0, abs(share))))


class Gallery(NamedTuple):
    """Pictures below their names, how many are shown, and the columns they take."""

    lines: list[Line]
    shown: int
    width: int


def gallery(
    pictures: Sequence[Rows],
    names: Sequence[Part],
    draw: Draw,
    ways: Sequence[Way],
    width: int,
    coloured: bool = False,
    room: Optional[int] = None,
    gap: int = 1,
    cut: bool = True,
) -> Gallery:
    """Return pictures side by side in the first of the ways in which they take ``room`` lines.

    Where there is none it is the last of the ways, and what has no room is ``cut`` off. Without a
    room, lines are left between the rows of pictures.
    """
    if not pictures:
        return Gallery([], 0, 0)
    titles = [[(line, style) for line in text.split("\n")] for text, style in map(_styled, names)]
    longest = max(len(line) for title in titles for line, _ in title)
    fitting = 0
    for way in ways:
        sample = draw(pictures[0], way, width, coloured)
        own = len(text_of(sample[0]))
        wide, high = max(longest, own), len(titles[0]) + len(sample)
        across = max(1, (width + gap) // (wide + gap))
        fitting = len(pictures) if room is None else across * max(1, room // high)
        if own <= width and len(pictures) <= fitting and high <= (room or high):
            break
    else:
        fitting = fitting if cut else len(pictures)
    shown = [
        [*([part] for part in title), *draw(rows, way, width, coloured)]
        for title, rows in zip(titles, pictures[:fitting])
    ]
    lines = [*beside(shown, wide, width, gap, apart=room is None and not coloured)]
    return Gallery(lines, len(shown), min(across, len(shown)) * (wide + gap) - gap)


def captioned(
    examples: Examples,
    captions: Mapping[int, str],
    width: int,
    coloured: bool = False,
    room: Optional[int] = None,
    cut: bool = True,
) -> Gallery:
    """Return the images of these examples below captions: a character a pixel in a pipe."""
    columns = examples.image_shape[1]
    ways = [Way(1)] if room is None else [Way(), PAIRED]
    if columns > SMALL:
        ways = [PAIRED, PAIRED._replace(halved=True)]
    pictures = [rows_of(examples[i][0], columns) for i in captions]
    names = [(caption, "cyan") for caption in captions.values()]
    return gallery(pictures, names, greys, ways, width, coloured, room, cut=cut)


@dataclass
class Album(Page):
    """Pictures in greys below their names, as many beside each other as there is room for."""

    pictures: Sequence[Rows]
    names: Sequence[Part]
    way: Way = PAIRED
    gap: int = GAP

    def lines(self, width: int, coloured: bool) -> list[Line]:
        """Return the lines of all pictures."""
        how = greys, [self.way], width, coloured, ENDLESS, self.gap
        return gallery(self.pictures, self.names, *how).lines


def _styled(part: Part) -> tuple[str, str]:
    return (part, "") if isinstance(part, str) else part


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    captions = {i: f"digit {i}" for i in range(8)}
    print(Stack(*captioned(load_digits().test, captions, 80).lines))
