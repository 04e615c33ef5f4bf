"""Digits beside their shifted and rotated copies, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tinynn.datasets.expanded import Expanded
from tinynn.views.blocks import shade

CAPTION = len("original")
PIPED = 3  # digits on a page that no screen limits
_SMALL = 12  # an image of up to this many columns keeps a line for each row


class Variant(NamedTuple):
    """An image, and what was done to it: the pixels row by row, without what is empty in all."""

    caption: str
    rows: list[list[float]]


def variants_of(examples: Expanded, digit: int) -> list[Variant]:
    """Return an image and its variants, cut to the part that has ink in one of them.

    >>> from tinynn import expanded, load_digits
    >>> [each.caption for each in variants_of(expanded(load_digits().training), 4)]
    ['original', 'down', 'up', 'right', 'left']
    """
    height, width = examples.image_shape
    all_of_it = examples[digit :: len(examples.originals)]
    images = [x.entries for x, _ in all_of_it]
    ink = [max(pixels) > 0.0 for pixels in zip(*images)]
    rows = [row for row in range(height) if any(ink[row * width : (row + 1) * width])] or [0]
    columns = [column for column in range(width) if any(ink[column::width])] or [0]
    first, end = columns[0], columns[-1] + 1
    return [
        Variant(
            all_of_it.variant(k),
            [
                image[row * width + first : row * width + end]
                for row in range(rows[0], rows[-1] + 1)
            ],
        )
        for k, image in enumerate(images)
    ]


def in_lines(variants: Sequence[Variant], size: int, width: int) -> Iterator[Sequence[Variant]]:
    """Yield the variants that stand in a line of ``width`` characters, each ``size`` wide.

    Where shifts and rotations do not fit into one line, the rotations begin a new one.
    """
    fit = max(1, (width + 1) // (max(size, CAPTION) + 1))
    if 5 <= fit < len(variants):
        fit = 5
    for start in range(0, len(variants), fit):
        yield variants[start : start + fit]


def heading(examples: Expanded) -> str:
    """Say how many examples the images become."""
    n = len(examples.originals)
    return f"{n:,} training digits become {len(examples):,} examples. Some, with their copies:"


def title(examples: Expanded, digit: int) -> str:
    """Name a digit: its number, and what it shows."""
    return f"training digit {digit}, a {examples.label(digit)}"


def page_lines(examples: Expanded, first: int, count: int, width: int) -> Iterator[str]:
    """Yield the lines of a page: ``count`` digits from ``first`` on, with their variants."""
    yield heading(examples)
    for digit in range(first, min(first + count, len(examples.originals))):
        yield ""
        yield title(examples, digit)
        variants = variants_of(examples, digit)
        size = len(variants[0].rows[0])
        for line in in_lines(variants, size, width):
            pictures = [shaded(each.rows, examples.image_shape[1] > _SMALL) for each in line]
            cells = [[each.caption, *picture] for each, picture in zip(line, pictures)]
            for parts in zip(*cells):
                yield " ".join(part.ljust(max(size, CAPTION)) for part in parts).rstrip()


def shaded(rows: Sequence[Sequence[float]], halved: bool) -> list[str]:
    """Return a picture in shades; ``halved``, with two rows of pixels in a line."""
    if halved:
        lower = [*rows[1::2], [0.0] * len(rows[0])]
        pairs = (zip(*two) for two in zip(rows[::2], lower))
        rows = [[(top + below) / 2 for top, below in pair] for pair in pairs]
    return ["".join(map(shade, row)) for row in rows]


if __name__ == "__main__":
    from tinynn.datasets import expanded, load_digits

    print("\n".join(page_lines(expanded(load_digits().training), 0, PIPED, 80)))
