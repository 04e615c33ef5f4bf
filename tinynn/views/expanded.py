"""Digits beside their shifted and rotated copies: ``python -m tinynn.views.expanded``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Optional

from tinynn.datasets.expanded import Expanded
from tinynn.views.lines import Line, Page, text_of
from tinynn.views.pictures import ENDLESS, PAIRED, SMALL, Album, Rows, Way, greys, rows_of

CAPTION = len("original")
PIPED = 3  # digits on a page that no screen limits


class Variant(NamedTuple):
    """An image, and what was done to it: the pixels row by row, without what is empty in all."""

    caption: str
    rows: Rows


def variants_of(examples: Expanded, digit: int) -> list[Variant]:
    """Return an image and its variants, cut to the part that has ink in one of them.

    >>> from tinynn import expanded, load_digits
    >>> [each.caption for each in variants_of(expanded(load_digits().training), 4)]
    ['original', 'down', 'up', 'right', 'left']
    """
    all_of_it = examples[digit :: len(examples.originals)]
    images = [rows_of(x, examples.image_shape[1]) for x, _ in all_of_it]
    rows = [i for i, same in enumerate(zip(*images)) if any(map(any, same))] or [0]
    inked = (map(any, zip(*image)) for image in images)
    columns = [i for i, same in enumerate(zip(*inked)) if any(same)] or [0]
    high, wide = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return [
        Variant(all_of_it.variant(k), [row[wide] for row in image[high]])
        for k, image in enumerate(images)
    ]


@dataclass
class ExpandedPage(Page):
    """Digits from ``first`` on with their variants: three, or as many as a screen has room for.

    On a screen pixels are two characters wide where a line has room for all variants, else half a
    line high; and four become one where not even one digit would fit.
    """

    examples: Expanded
    first: int
    height: Optional[int] = None

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the digits, each below its number and what it shows."""
        n, columns = len(self.examples.originals), self.examples.image_shape[1]
        end, room = n, (self.height or ENDLESS) - 1
        become = f"become {len(self.examples):,} examples"
        yield f"{n:,} training digits {become}. Some, with their copies:"
        way = PAIRED
        if self.height is None:
            end, way = min(n, self.first + PIPED), Way(1)
        elif (2 * columns + 1) * (len(self.examples) // n) <= width + 1:
            way = Way()
        way = PAIRED if columns > SMALL else way
        for digit in range(self.first, end):
            variants = variants_of(self.examples, digit)
            drawn = _drawn(variants, way, width, coloured)
            if digit == self.first and way == PAIRED and len(drawn) + 2 > room:
                way = PAIRED._replace(halved=True)
                drawn = _drawn(variants, way, width, coloured)
            room -= len(drawn) + 2
            if room < 0 and digit > self.first:
                return
            yield ""
            yield [(f"training digit {digit}, a {self.examples.label(digit)}", "bold")]
            yield from drawn


def _drawn(variants: Sequence[Variant], way: Way, width: int, coloured: bool) -> list[Line]:
    """Return the variants; rotations begin a new line where not all fit into one."""
    wide = 1 + max(CAPTION, len(text_of(greys(variants[0].rows, way)[0])))
    if (width + 1) // wide < len(variants):
        width = min(width, 5 * wide - 1)
    names = [(each.caption, "cyan") for each in variants]
    return Album([each.rows for each in variants], names, way, 1).lines(width, coloured)


if __name__ == "__main__":
    from tinynn.datasets import expanded, load_digits

    print(ExpandedPage(expanded(load_digits().training, "both"), 0, 24))
