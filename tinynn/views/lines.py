"""Lines of text with their styles: a page is printed in a pipe, and drawn by Rich on a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Optional, Union

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

WIDTH = 80  # of what no screen limits
Part = Union[str, tuple[str, str]]  # a text, or a text and its style
Line = Union[str, Sequence[Part]]


def parts_of(line: Line) -> Sequence[Part]:
    """Return the parts of a line."""
    return [line] if isinstance(line, str) else line


def text_of(line: Line) -> str:
    """Return a line without its styles.

    >>> text_of([("best", "green"), " epoch 3"])
    'best epoch 3'
    """
    return "".join(part if isinstance(part, str) else part[0] for part in parts_of(line))


class Page:
    """What a view shows: ``str`` is its plain text, and Rich draws it with its styles."""

    piped = WIDTH  # columns of the plain text

    def lines(self, width: int, coloured: bool) -> Iterable[Line]:
        """Return the lines for this width, and whether there are colours and half blocks."""
        raise NotImplementedError

    def __str__(self) -> str:
        return "\n".join(text_of(line).rstrip() for line in self.lines(self.piped, False))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.text import Text  # a pipe needs no Rich

        for line in self.lines(options.max_width, is_coloured(console)):
            yield Text.assemble(*parts_of(line), no_wrap=True, overflow="ellipsis")


class Stack(Page):
    """Lines and pages below each other."""

    def __init__(self, *parts: Union[Page, Line]) -> None:
        self.parts = parts

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the lines of each part."""
        for part in self.parts:
            yield from part.lines(width, coloured) if isinstance(part, Page) else [part]


def joined(cells: Iterable[tuple[str, str]]) -> Line:
    """Return characters with their styles as a line, neighbours of one style as one part.

    >>> joined([("a", "red"), ("b", "red"), ("c", "")])
    [('ab', 'red'), ('c', '')]
    """
    runs = groupby(cells, key=itemgetter(1))
    return [("".join(text for text, _ in run), style) for style, run in runs]


def cut(text: str, room: int) -> str:
    """Return a text that ends in … where it is too long.

    >>> cut("neuron", 6), cut("neurons", 6)
    ('neuron', 'neuro…')
    """
    return text if len(text) <= room else f"{text[: room - 1]}…"


def first_fitting(texts: Sequence[str], room: int) -> str:
    """Return the first text that has room, or the last one.

    >>> first_fitting(["0.1235", "0.12", "0.1"], 4)
    '0.12'
    """
    return next((text for text in texts if len(text) <= room), texts[-1])


def end_of(text: str, room: int) -> str:
    """Return the end of a text that is too long, behind …."""
    return text if len(text) <= room else f"…{text[1 - room :]}"


def is_coloured(console: Console) -> bool:
    """Return whether the console can show pictures in colour, with two pixels a character."""
    in_colour = console.color_system is not None and not console.no_color
    return in_colour and console.encoding.startswith("utf")


def table(
    rows: Sequence[Sequence[Part]],
    align: str,
    width: Optional[int] = None,
    gap: int = 2,
    flexible: int = -1,
    least: int = 0,
) -> Iterator[list[tuple[str, str]]]:
    """Yield rows with their cells below each other: ``align`` has <, ^ or > for each column.

    Where they are wider than ``width`` the ``flexible`` column is wrapped. A column is as wide as
    its widest cell, or ``least``.

    >>> [text_of(line) for line in table([("epoch", "right"), ("9", "480")], "><")]
    ['epoch  right', '    9  480  ']
    """
    cells = [[each if isinstance(each, tuple) else (each, "") for each in row] for row in rows]
    widths = [max(least, *(len(text) for text, _ in column)) for column in zip(*cells)]
    if width is not None:
        over = sum(widths) + gap * (len(widths) - 1) - width
        widths[flexible] = max(min(20, widths[flexible]), widths[flexible] - max(0, over))
    for row in cells:
        texts = [[text] for text, _ in row]
        room = max(1, widths[flexible])
        texts[flexible] = textwrap.wrap(row[flexible][0], room, break_on_hyphens=False) or [""]
        for drawn in zip_longest(*texts, fillvalue=""):
            line = []
            for text, (_, style), side, wide in zip(drawn, row, align, widths):
                line += [(f"{text:{side}{wide}}", style), (" " * gap, "")]
            yield line[:-1]


def filled(line: Line, width: int) -> list[Part]:
    """Return a line with blanks up to this width."""
    return [*parts_of(line), " " * (width - len(text_of(line)))]


def in_columns(
    columns: Sequence[Sequence[Line]], widths: Sequence[int], gap: int = 1
) -> Iterator[Line]:
    """Yield columns of lines side by side, each as wide as is said."""
    for row in zip_longest(*columns, fillvalue=""):
        cells = (filled(each, wide + gap) for each, wide in zip(row, widths))
        yield [part for cell in cells for part in cell][:-1]


def panel(
    lines: Iterable[Line], width: int, title: str, subtitle: str = "", padding: int = 0
) -> list[Line]:
    """Return lines in a frame of this width, with a title in its upper edge.

    >>> for line in panel(["abc"], 8, "x"): print(text_of(line))
    ╭─ x ──╮
    │abc   │
    ╰──────╯
    """
    inner, side = width - 2, " " * padding
    top, below = (f" {text[: inner - 2]} " if text else "" for text in (title, subtitle))
    room = inner - 2 * padding
    framed = ([f"│{side}", *filled(line, room), f"{side}│"] for line in lines)
    return [f"╭{top:─^{inner}}╮", *framed, f"╰{below:─^{inner}}╯"]


def beside(
    pictures: Sequence[Sequence[Line]], wide: int, width: int, gap: int = 1, apart: bool = False
) -> Iterator[Line]:
    """Yield pictures of ``wide`` columns, as many beside each other as ``width`` has room for.

    ``apart`` leaves a line between the rows of pictures.

    >>> for line in beside([["ab", "cd"], ["ef"], ["gh"]], 2, 6): print(text_of(line).rstrip())
    ab ef
    cd
    gh
    """
    across = max(1, (width + gap) // (wide + gap))
    for first in range(0, len(pictures), across):
        if first and apart:
            yield ""
        yield from in_columns(pictures[first : first + across], [wide] * across, gap)
