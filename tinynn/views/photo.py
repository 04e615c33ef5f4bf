"""A photograph on its way to an answer: ``python -m tinynn.views.photo``."""

from __future__ import annotations

from itertools import chain

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinynn.images import Stage
from tinynn.linalg import Vector
from tinynn.views.digit import Digit
from tinynn.views.photo_lines import Read, captions, output_lines, pictures


def photo_page(read: Read) -> Group:
    """Return the stages as small pictures, beside the input every output, and the answer."""
    answers = Group(*(_answer(line) for line in output_lines(read)))
    *above, last = pictures(read)
    parts: list[RenderableType] = [_pictures(line) for line in above]
    if read.row:
        parts += [_pictures(last), answers]
    else:
        beside = Table.grid(padding=(0, 3, 0, 0))
        beside.add_row(_pictures(last), Group(Text(""), answers))
        parts.append(beside)
    return Group(*parts, Text(captions(read), "bold"))


def _answer(line: str) -> Text:
    return Text(line, "bold green" if line.startswith("▸") else "", no_wrap=True)


def _pictures(stages: list[Stage]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for stage in stages:
        table.add_column(min_width=len(stage.rows[0]), no_wrap=True)
    table.add_row(*(Text(stage.name, "cyan") for stage in stages))
    table.add_row(*(_picture(stage) for stage in stages))
    return table


def _picture(stage: Stage) -> Digit:
    rows = stage.rows
    while len(rows) > 20 and not any(rows[0] + rows[1] + rows[-1] + rows[-2]):
        rows = rows[2:-2]
    return Digit(Vector([*chain(*rows)]), (len(rows), len(rows[0])), True)


if __name__ == "__main__":
    from tinynn.datasets import load_digits, shipped_network
    from tinynn.images import prepare
    from tinynn.images.pixels import resized
    from tinynn.network import Network

    x, _ = load_digits().test[4]
    sheet = [[250.0] * 12 for _ in range(12)]
    for k, ink in enumerate(x.entries):
        sheet[2 + k // 8][2 + k % 8] -= 220 * ink
    made = prepare(resized(sheet, 60, 60))
    network = Network.load(shipped_network())
    read = Read("", made.stages, [network.feedforward(made.pixels).entries])
    Console().print(photo_page(read))
