"""What a search found, as plain lines: ``python -m tinynn.views.search_lines``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tinynn.experiments.search import HeatMap, Ranked, Result, Settings
from tinynn.views.blocks import shade

MOST = 20  # rows of a table


def settings_line(settings: Settings) -> str:
    """Return settings as they are typed.

    >>> settings_line({"eta": 0.5, "hidden": 30})
    'eta=0.5 hidden=30'
    """
    return " ".join(f"{name}={value_text(value)}" for name, value in settings.items())


def value_text(value: object) -> str:
    """Return a value as it is typed."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def result_line(result: Result, number: int, of: int) -> str:
    """Return a trial as a line: the how-manieth it is, its settings, and what came out."""
    end = f"{result.correct} of {result.total} right, best epoch {result.epoch}"
    if result.diverged:
        epochs = "epoch" if result.epochs == 1 else "epochs"
        end = f"diverged after {result.epochs} {epochs}"
    trial = f"{settings_line(result.settings)} seed {result.seed}"
    return f"{number:>{len(str(of))}} of {of}  {trial}: {end}"


def cells_of(row: Ranked) -> list[str]:
    """Return the cells of a row of the table: median, least, most, and each parameter."""
    median = f"{row.median:g}" if row.diverged < len(row.results) else "diverged"
    values = [value_text(value) for value in row.settings.values()]
    return [median, str(row.worst), str(row.best), *values]


def heads_of(rows: Sequence[Ranked]) -> list[str]:
    """Return the names of the columns."""
    return ["median", "worst", "best", *rows[0].settings]


def table_lines(rows: Sequence[Ranked], most: int = MOST) -> Iterator[str]:
    """Yield the table, sorted by the median over the seeds.

    >>> result = Result({"eta": 0.5}, 0, 280, 297, 4, 9, "", 1.0)
    >>> for line in table_lines([Ranked({"eta": 0.5}, [result])]): print(line)
    of 297 validation digits right, over 1 seed:
      median   worst    best     eta
         280     280     280     0.5
    """
    seeds = max(len(row.results) for row in rows)
    total = rows[0].results[0].total
    yield f"of {total:,} validation digits right, over {seeds} seed{'s' if seeds > 1 else ''}:"
    table = [heads_of(rows), *map(cells_of, rows[:most])]
    widths = [max(6, *(len(row[i]) for row in table)) for i in range(len(table[0]))]
    for row in table:
        yield "".join(f"  {cell:>{width}}" for cell, width in zip(row, widths))
    if len(rows) > most:
        yield f"  and {len(rows) - most} more"


def share_of(cell: float, found: HeatMap) -> float:
    """Return how warm a cell is: 0 for the least, 1 for the most of the map."""
    known = [each for row in found.cells for each in row if each is not None]
    least, most = min(known), max(known)
    return (cell - least) / (most - least) if most > least else 1.0


def heat_title(found: HeatMap) -> str:
    """Return what a heat map shows."""
    return f"the best median, {found.rows} down, {found.columns} across:"


def heat_lines(found: HeatMap) -> Iterator[str]:
    """Yield a heat map: the best median for each pair of values, and a shade.

    >>> for line in heat_lines(HeatMap("eta", "lmbda", ["1"], ["0", "5"], [[9.0, None]], 9)):
    ...     print(line)
    the best median, eta down, lmbda across:
              0       5
    1      █  9       ·
    """
    yield heat_title(found)
    left = max(len(found.rows), *map(len, found.row_names))
    width = max(6, *map(len, found.column_names)) + 2
    yield " " * left + "".join(f"{name:>{width}}" for name in found.column_names)
    for name, row in zip(found.row_names, found.cells):
        cells = (
            "·" if cell is None else f"{shade(share_of(cell, found))} {cell:>{2}g}" for cell in row
        )
        yield f"{name:<{left}}" + "".join(f"{cell:>{width}}" for cell in cells)


if __name__ == "__main__":
    result = Result({"eta": 0.5, "lmbda": 1.0}, 0, 280, 297, 4, 9, "", 1.0)
    for line in table_lines([Ranked(result.settings, [result])]):
        print(line)
    cells: list[list[Optional[float]]] = [[250.0, 260.0], [280.0, None]]
    for line in heat_lines(HeatMap("eta", "lmbda", ["0.1", "0.5"], ["0", "1"], cells, 297)):
        print(line)
