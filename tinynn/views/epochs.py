"""The epochs so far, as a table: ``python -m tinynn.views.epochs``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.training import EpochReport


class Epochs:
    """One line an epoch: how many are right, the accuracy, the cost. The last ones that fit."""

    def __init__(self, reports: Sequence[EpochReport]) -> None:
        self.reports = reports

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=None, padding=(0, 1), header_style="dim", expand=True)
        total = next((report.total for report in self.reports if report.total), 0)
        for heading in ("epoch", f"of {total}" if total else "right", "accuracy", "cost"):
            table.add_column(heading, justify="right", no_wrap=True)
        best = max((report.correct or 0 for report in self.reports), default=0)
        shown = self.reports[-(max(2, options.height or 1000) - 1) :]
        for report in shown:
            correct, cost = report.correct or 0, report.cost or 0.0
            style = "bold green" if correct == best else ""
            cells = (f"{report.number}", f"{correct}", f"{100 * correct / (total or 1):.2f} %")
            table.add_row(*(Text(cell, style) for cell in cells), f"{cost:.4f}")
        yield table


if __name__ == "__main__":
    made_up = [EpochReport(i, 400 + i, 500, 0.5 / (i + 1), 0.3, 3000.0) for i in range(5)]
    Console().print(Epochs(made_up))
