"""Cost and accuracy of runs over each other: ``python -m tinynn.views.curves [picture.svg]``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.text import Text

from tinynn.views.axes import AccuracyAxis, CostAxis
from tinynn.views.curve_lines import MARKS, Chart, Line, Point, charts, title_of
from tinynn.views.picture import picture_console, save_picture

_COLOURS = ("cyan", "yellow", "green", "magenta", "red", "blue")


def curves_page(lines: Sequence[Line], width: int, height: int) -> Group:
    """Return both charts, each curve in its letter and colour, and what each letter is."""
    parts = []
    both = charts(lines, width, height)
    for axis, chart in zip((CostAxis, AccuracyAxis), both):
        parts.append(Text(title_of(lines, axis), "bold"))
        parts += _rows(chart)
    parts.append(Text(both[1].foot(), "dim"))
    parts += [Text(each.legend(width), _colour(MARKS.index(each.mark))) for each in lines]
    return Group(*parts)


def _colour(i: int) -> str:
    return _COLOURS[i % len(_COLOURS)] if i >= 0 else ""


def _rows(chart: Chart) -> Sequence[Text]:
    return [
        Text.assemble((label, "dim"), *((character, _colour(i)) for character, i in row))
        for label, row in zip(chart.labels, chart.rows)
    ]


if __name__ == "__main__":
    points = [Point(i, 0.5 / (i + 1), 1 - 0.5 * 0.8**i) for i in range(15)]
    slower = [Point(i, 0.6 / (i + 1) ** 0.5, 1 - 0.7 * 0.9**i) for i in range(20)]
    made_up = [Line("a", "run.jsonl", "test", points), Line("b", "b.jsonl", "test", slower)]
    screen = picture_console(80, 24)
    screen.print(curves_page(made_up, 80, 24))
    save_picture(screen, "tinynn inspect curves")
