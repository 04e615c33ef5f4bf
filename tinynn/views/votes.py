"""What networks answer by vote, with the mistakes: ``python -m tinynn.views.votes``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, Optional

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinynn.datasets import Examples
from tinynn.linalg import Vector
from tinynn.views.digit import Digit
from tinynn.views.expanded import halved
from tinynn.views.vote_lines import (
    CAPTION,
    Poll,
    caption,
    counted,
    remaining,
    rows_of,
    said_lines,
    verdict,
)

_SMALL = 12  # an image of up to this many columns is drawn large where there is room


class _Style(NamedTuple):
    """How pictures are drawn: half a line a pixel, or two characters; and four pixels as one."""

    compact: bool
    halved: bool

    def rows(self, image: Vector, shape: tuple[int, int]) -> list[list[float]]:
        rows = rows_of(image, shape)
        return halved(rows) if self.halved else rows

    def size(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Return the lines and the columns of a picture with its caption."""
        height, width = ((side + self.halved) // (1 + self.halved) for side in shape)
        if self.compact:
            return 1 + (height + 1) // 2, max(CAPTION, width)
        return 1 + height, max(CAPTION, 2 * width)


def poll_page(
    poll: Poll, examples: Examples, most: int, width: int, height: Optional[int] = None
) -> Group:
    """Return at most so many mistakes as pictures, and below them, where it stays, the counts.

    They are drawn as large as a screen of this height has room for, and small where they are many.
    """
    shown, counts = poll.mistakes[:most], [*counted(poll)]
    shape = examples.image_shape
    small = shape[1] <= _SMALL
    styles = [_Style(not small, False), _Style(True, not small)]
    room = None if height is None else height - len(counts) - 2  # the heading, and the prompt
    fitting = [each for each in styles if room is None or _lines(each, shape, shown, width) <= room]
    style = fitting[0] if fitting else styles[-1]
    parts: list[RenderableType] = [Text(remaining(poll, len(shown)), "bold")]
    columns = style.size(shape)[1]
    fit = _fit(columns, width)
    for start in range(0, len(shown), fit):
        line = shown[start : start + fit]
        table = Table.grid(padding=(0, 1, 0, 0))
        for _ in line:
            table.add_column(width=columns)
        table.add_row(*(Text(caption(poll, i), "cyan") for i in line))
        table.add_row(*(_picture(style.rows(examples[i][0], shape), style) for i in line))
        parts.append(table)
    alone = len(poll.files)
    parts += [Text(line) for line in counts[:alone]]
    parts += [Text(line, "green") for line in counts[alone:]]  # the vote's
    return Group(*parts)


def _fit(columns: int, width: int) -> int:
    return max(1, (width + 1) // (columns + 1))


def _lines(style: _Style, shape: tuple[int, int], shown: Sequence[int], width: int) -> int:
    """Return how many lines these pictures take."""
    height, columns = style.size(shape)
    return height * -(-len(shown) // _fit(columns, width))


def _picture(rows: Sequence[Sequence[float]], style: _Style) -> Digit:
    return Digit(Vector.wrap([*chain(*rows)]), (len(rows), len(rows[0])), style.compact)


def digit_page(
    poll: Poll, outputs: Sequence[Sequence[float]], x: Vector, shape: tuple[int, int]
) -> Group:
    """Return one digit, what each network answers to it, and the vote."""
    answers = (Text(line) for line in said_lines(poll, outputs))
    judged = Text(verdict(poll), "green" if poll.votes[0].is_right else "red")
    return Group(Digit(x, shape), *answers, judged)


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.experiments.ensembles import Ensemble
    from tinynn.network import Network

    digits = load_digits()
    ensemble = Ensemble([Network([64, 10], seed=seed) for seed in range(3)])
    ensemble.train(digits.training, 2, 10, 1.0, seed=0).finish()
    console = Console()
    asked = digits.test[:100]
    voted = Poll(["a.json", "b.json", "c.json"], ensemble.votes(asked), ensemble.rule)
    console.print(poll_page(voted, asked, 30, console.width))
