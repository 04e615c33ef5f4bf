"""What a search found, in colour: ``python -m tinynn.views.search``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinynn.experiments.search import HeatMap, Ranked, Result
from tinynn.views.search_lines import cells_of, heads_of, heat_title, share_of

_COLD, _WARM = (30, 40, 90), (250, 200, 60)


def table(rows: Sequence[Ranked], most: int) -> RenderableType:
    """Return the settings, sorted by the median over the seeds; the first ``most`` of them."""
    seeds, total = max(len(row.results) for row in rows), rows[0].results[0].total
    more = f", and {len(rows) - most} more settings" if len(rows) > most else ""
    title = f"of {total:,} validation digits right, {seeds} seed{'s' if seeds > 1 else ''}{more}"
    found = Table(box=None)
    for name in heads_of(rows):
        found.add_column(name, justify="right")
    for i, row in enumerate(rows[:most]):
        style = "bold green" if i == 0 else "red" if row.diverged else ""
        found.add_row(*cells_of(row), style=style)
    return Group(Text(title, "dim"), found)


def heat(found: HeatMap) -> RenderableType:
    """Return a heat map: the best median for each pair of values, cold to warm."""
    drawn = Table.grid(padding=(0, 0))
    drawn.add_column(justify="right")
    drawn.add_row("", *(Text(f" {name} ", "dim") for name in found.column_names))
    for column in drawn.columns[1:]:
        column.justify = "center"
    for name, row in zip(found.row_names, found.cells):
        drawn.add_row(Text(f"{name} ", "dim"), *(_cell(cell, found) for cell in row))
    return Group(Text(heat_title(found), "dim"), drawn)


def _cell(cell: Optional[float], found: HeatMap) -> Text:
    if cell is None:
        return Text("  ·  ", "dim")
    share = share_of(cell, found)
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(_COLD, _WARM))
    ink = "black" if share > 0.5 else "white"
    return Text(f"{f'{cell:g}':^9}", f"{ink} on rgb({red},{green},{blue})")


if __name__ == "__main__":
    result = Result({"eta": 0.5, "lmbda": 1.0}, 0, 280, 297, 4, 9, "", 1.0)
    Console().print(table([Ranked(result.settings, [result])], 5))
    cells: list[list[Optional[float]]] = [[250.0, 260.0], [280.0, None]]
    Console().print(heat(HeatMap("eta", "lmbda", ["0.1", "0.5"], ["0", "1"], cells, 297)))
