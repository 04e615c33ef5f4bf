"""What networks answer by vote, with the mistakes: ``python -m tinynn.views.votes``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, Optional

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.datasets import Examples
from tinynn.linalg import Vector
from tinynn.views.digit import Digit
from tinynn.views.expanded import halved
from tinynn.views.vote_lines import (
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

    def size(self, shape: tuple[int, int]) -> tuple[int, int]:
        """Return the lines and the columns of a picture."""
        height, width = ((side + self.halved) // (1 + self.halved) for side in shape)
        return ((height + 1) // 2, width) if self.compact else (height, 2 * width)


class Captioned:
    """Images with a caption above each, in lines of as many as fit.

    They are drawn as large as ``room`` lines allow, and small where they are many; ``cut`` leaves
    out lines of pictures for which there is no room at all.
    """

    def __init__(
        self,
        images: Sequence[Vector],
        captions: Sequence[str],
        shape: tuple[int, int],
        width: int,
        room: Optional[int] = None,
        cut: bool = False,
    ) -> None:
        small = shape[1] <= _SMALL
        self._images, self._captions, self._shape = images, captions, shape
        self._widest = max((len(line) for each in captions for line in each.split("\n")), default=1)
        self._above = 1 + max((each.count("\n") for each in captions), default=0)
        self._width = width
        styles = [_Style(not small, False), _Style(True, not small)]
        fitting = [each for each in styles if room is None or self._lines(each) <= room]
        self._style = fitting[0] if fitting else styles[-1]
        self.count = len(images)  # of the pictures that are drawn
        if cut and not fitting and room is not None:
            most = max(1, room // (self._above + self._style.size(shape)[0]))
            self.count = min(self.count, most * self._fit(self._style))

    def _columns(self, style: _Style) -> int:
        return max(self._widest, style.size(self._shape)[1])

    def _fit(self, style: _Style) -> int:
        return max(1, (self._width + 1) // (self._columns(style) + 1))

    def _lines(self, style: _Style) -> int:
        """Return how many lines these pictures take."""
        height = self._above + style.size(self._shape)[0]
        return height * -(-len(self._images) // self._fit(style))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        fit, columns = self._fit(self._style), self._columns(self._style)
        for start in range(0, self.count, fit):
            line = slice(start, min(start + fit, self.count))
            table = Table.grid(padding=(0, 1, 0, 0))
            for _ in self._images[line]:
                table.add_column(width=columns)
            table.add_row(*(Text(each, "cyan") for each in self._captions[line]))
            table.add_row(*(self._picture(each) for each in self._images[line]))
            yield table

    def _picture(self, image: Vector) -> Digit:
        rows = rows_of(image, self._shape)
        rows = halved(rows) if self._style.halved else rows
        return Digit(Vector.wrap([*chain(*rows)]), (len(rows), len(rows[0])), self._style.compact)


def poll_page(
    poll: Poll, examples: Examples, most: int, width: int, height: Optional[int] = None
) -> Group:
    """Return at most so many mistakes as pictures, and below them, where it stays, the counts.

    They are drawn as large as a screen of this height has room for, and small where they are many.
    """
    shown, counts = poll.mistakes[:most], [*counted(poll, width - 40)]
    room = None if height is None else height - len(counts) - 2  # the heading, and the prompt
    images, captions = [examples[i][0] for i in shown], [caption(poll, i) for i in shown]
    parts: list[RenderableType] = [Text(remaining(poll, len(shown)), "bold")]
    parts.append(Captioned(images, captions, examples.image_shape, width, room))
    alone = len(poll.files)
    parts += [Text(line) for line in counts[:alone]]
    parts += [Text(line, "green") for line in counts[alone:]]  # the vote's
    return Group(*parts)


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
