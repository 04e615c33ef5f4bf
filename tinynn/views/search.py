"""What a search found, as a table and as a heat map: ``python -m tinynn.views.search``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from tinynn.experiments.search import HeatMap, Ranked, Result, Settings
from tinynn.views.blocks import shade
from tinynn.views.lines import Line, Page, Part, table
from tinynn.views.pictures import mixed, rgb

MOST = 20  # rows of a table
_COLD, _WARM = (30, 40, 90), (250, 200, 60)


def settings_line(settings: Settings) -> str:
    """Return settings as they are typed.

    >>> settings_line({"eta": 0.5, "hidden": 30})
    'eta=0.5 hidden=30'
    """
    return " ".join(f"{name}={value_text(value)}" for name, value in settings.items())


def value_text(value: object) -> str:
    """Return a setting's value as the user types it; a float has at most six digits."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def result_line(result: Result, number: int, of: int) -> str:
    """Return a trial as a line: its number, settings and result."""
    end = f"{result.correct} of {result.total} right, best epoch {result.epoch}"
    if result.diverged:
        epochs = "epoch" if result.epochs == 1 else "epochs"
        end = f"diverged after {result.epochs} {epochs}"
    trial = f"{settings_line(result.settings)} seed {result.seed}"
    return f"{number:>{len(str(of))}} of {of}  {trial}: {end}"


@dataclass
class Ranking(Page):
    """The settings, sorted by the median over the seeds; the first ``most`` of them.

    >>> result = Result({"eta": 0.5}, 0, 280, 297, 4, 9, "", 1.0)
    >>> print(Ranking([Ranked({"eta": 0.5}, [result])]))
    of 297 validation digits right, over 1 seed:
      median   worst    best     eta
         280     280     280     0.5
    """

    rows: Sequence[Ranked]
    most: int = MOST

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the table: median, least, most, and each parameter."""
        seeds, total = max(len(r.results) for r in self.rows), self.rows[0].results[0].total
        title = f"of {total:,} validation digits right, over {seeds} seed{'s'[: seeds > 1]}:"
        yield [(title, "dim")]
        cells: list[list[Part]] = [["median", "worst", "best", *self.rows[0].settings]]
        for i, row in enumerate(self.rows[: self.most]):
            style = "bold green" if i == 0 else "red" if row.diverged else ""
            median = f"{row.median:g}" if row.diverged < len(row.results) else "diverged"
            values = [value_text(value) for value in row.settings.values()]
            texts = [median, str(row.worst), str(row.best), *values]
            cells.append([(f"{text:>6}", style) for text in texts])
        yield from ([("  ", ""), *line] for line in table(cells, ">" * len(cells[0])))
        if len(self.rows) > self.most:
            yield [(f"  and {len(self.rows) - self.most} more", "dim")]


@dataclass
class Heat(Page):
    """The best median for each pair of values, cold to warm; without colour, with a shade.

    >>> print(Heat(HeatMap("eta", "lmbda", ["1"], ["0", "5"], [[9.0, None]], 9)))
    the best median, eta down, lmbda across:
               0       5
    1         █ 9      ·
    """

    found: HeatMap

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield a title, and a line for each value of the first parameter."""
        found = self.found
        yield [(f"the best median, {found.rows} down, {found.columns} across:", "dim")]
        known = [each for row in found.cells for each in row if each is not None]
        least, spread = min(known), max(known) - min(known)

        def cell(number: Optional[float]) -> Part:
            if number is None:
                return ("·", "dim")
            share = (number - least) / spread if spread else 1.0
            if not coloured:
                return f"{shade(share)} {number:g}"
            ink = "black" if share > 0.5 else "white"
            return (f"{number:g}", f"{ink} on {rgb(mixed(_COLD, _WARM, share))}")

        rows: list[list[Part]] = [["", *((name, "dim") for name in found.column_names)]]
        named = zip(found.row_names, found.cells)
        rows += ([(name, "dim"), *map(cell, row)] for name, row in named)
        yield from table(rows, "<" + "^" * len(found.column_names), gap=0, least=8)


if __name__ == "__main__":
    result = Result({"eta": 0.5, "lmbda": 1.0}, 0, 280, 297, 4, 9, "", 1.0)
    print(Ranking([Ranked(result.settings, [result])]))
    cells: list[list[Optional[float]]] = [[250.0, 260.0], [280.0, None]]
    print(Heat(HeatMap("eta", "lmbda", ["0.1", "0.5"], ["0", "1"], cells, 297)))
