"""Digits beside their shifted and rotated copies: ``python -m tinynn.views.expanded``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinynn.datasets.expanded import Expanded
from tinynn.linalg import Vector
from tinynn.views.digit import Digit
from tinynn.views.expanded_lines import (
    CAPTION,
    Variant,
    heading,
    in_lines,
    title,
    variants_of,
)

_SMALL = 12  # pixels; an image of up to this many columns is drawn large where there is room


def expanded_page(examples: Expanded, first: int, width: int, height: int) -> Group:
    """Return a page of this size: digits from ``first`` on with their variants, one at least.

    Pixels are two characters wide where a line has room for all variants, else half a line high;
    and four become one where not even one digit would fit.
    """
    columns = examples.image_shape[1]
    variants = variants_of(examples, first)
    compact = columns > _SMALL or (2 * columns + 1) * len(variants) > width + 1
    small = False
    parts: list[RenderableType] = [Text(heading(examples))]
    room = height - 1
    for digit in range(first, len(examples.originals)):
        variants = variants_of(examples, digit)
        taken = _height(variants, compact, width)
        small = small or (digit == first and compact and taken > room)
        if small:
            variants = [Variant(each.caption, halved(each.rows)) for each in variants]
            taken = _height(variants, compact, width)
        if taken > room and digit > first:
            break
        room -= taken
        parts += [Text(), Text(title(examples, digit), "bold")]
        size = _size(variants, compact)
        parts += [_line(line, compact, size) for line in in_lines(variants, size, width)]
    return Group(*parts)


def _size(variants: Sequence[Variant], compact: bool) -> int:
    columns = len(variants[0].rows[0])
    return max(CAPTION, columns if compact else 2 * columns)


def _height(variants: Sequence[Variant], compact: bool, width: int) -> int:
    """Return how many lines a digit takes with its title, its captions and a blank line."""
    rows = len(variants[0].rows)
    lines = len(list(in_lines(variants, _size(variants, compact), width)))
    return 2 + lines * (1 + ((rows + 1) // 2 if compact else rows))


def halved(rows: Sequence[Sequence[float]]) -> list[list[float]]:
    """Return an image with one pixel for four: their mean.

    >>> halved([[1.0, 0.0, 0.5], [1.0, 0.0, 0.5]])
    [[0.5, 0.25]]
    """
    even = [[*row, *[0.0] * (len(row) % 2)] for row in rows]
    even += [[0.0] * len(even[0])] * (len(even) % 2)
    pairs = [[a + b for a, b in zip(*two)] for two in zip(even[::2], even[1::2])]
    return [[(a + b) / 4 for a, b in zip(row[::2], row[1::2])] for row in pairs]


def _line(variants: Sequence[Variant], compact: bool, size: int) -> Table:
    """Return variants side by side, each under its caption."""
    table = Table.grid(padding=(0, 1, 0, 0))
    for _ in variants:
        table.add_column(width=size)
    table.add_row(*(Text(each.caption, "cyan") for each in variants))
    table.add_row(*(_digit(each, compact) for each in variants))
    return table


def _digit(variant: Variant, compact: bool) -> Digit:
    rows = variant.rows
    return Digit(Vector.wrap([*chain(*rows)]), (len(rows), len(rows[0])), compact)


if __name__ == "__main__":
    from tinynn.datasets import expanded, load_digits

    console = Console()
    console.print(expanded_page(expanded(load_digits().training, "both"), 0, console.width, 24))
