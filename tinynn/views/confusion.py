"""Which digits are mistaken for which: ``python -m tinynn.views.confusion [picture.svg]``."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from tinynn.datasets import Examples
from tinynn.views.confusion_lines import (
    Confusion,
    confusion_of,
    head_of,
    row_line,
    width_of,
)
from tinynn.views.picture import picture_console, save_picture
from tinynn.views.votes import Captioned


def confusion_page(
    confusion: Confusion, examples: Examples, most: int, width: int, height: int
) -> Group:
    """Return the matrix, the diagonal dimmed, and as many mistakes as the screen has room for."""
    parts: list[RenderableType] = [Text(confusion.title, "bold")]
    parts.append(Text(head_of(confusion), "dim"))
    parts += [_row(confusion, row) for row in confusion.rows]
    shown = confusion.mistakes[:most]
    images, captions = [examples[each.digit][0] for each in shown], [m.caption for m in shown]
    room = height - len(parts) - 2  # the heading, and the prompt
    pictures = Captioned(images, captions, examples.image_shape, width, room, cut=True)
    parts += [Text(confusion.heading(pictures.count), "bold"), pictures]
    return Group(*parts)


def _row(confusion: Confusion, row: int) -> Text:
    """Return the line of a digit: the brighter the more mistakes, and the right ones dim."""
    line = Text(row_line(confusion, row))
    width = width_of(confusion)
    worst = max(
        (n for i, counts in enumerate(confusion.table) for j, n in enumerate(counts) if i != j),
        default=1,
    )
    for said, count in enumerate(confusion.table[row]):
        start = 2 + said * width
        style = "dim" if said == row or not count else "bold yellow" if 2 * count > worst else ""
        line.stylize(style, start, start + width)
    return line


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.network import Network

    digits = load_digits()
    learnt = Network([64, 30, 10], seed=0)
    learnt.train(digits.training[:500], 2, 10, 3.0, seed=0).finish()
    found = confusion_of(learnt, digits.test)
    screen = picture_console(80, 24)
    screen.print(confusion_page(found, digits.test, 100, 80, 25))
    save_picture(screen, "tinynn inspect confusion")
