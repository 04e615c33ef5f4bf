"""How a run went, and what to try next: ``python -m tinynn.views.summary``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tinynn.training import EpochReport, best_epoch
from tinynn.views.plain import confusions


def summary(
    reports: Sequence[EpochReport],
    confusion: Optional[Sequence[Sequence[int]]],
    notes: Sequence[tuple[str, str]],
    commands: Sequence[tuple[str, str]],
    noun: str = "digit",
) -> Table:
    """Return the best and last epoch, the commonest mistakes, notes, and what to try next.

    ``notes`` are pairs of a name and a text; ``commands`` of a command and what it is for; a
    ``noun`` is what one example is.
    """
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    best = best_epoch(reports)
    if best is not None:
        by = "validation" if best.chosen_by == "validation" else "test"
        by += f" {noun}s" + " themselves" * (by == "test")
        table.add_row("best", Text(f"{_told(best, noun)}, chosen by the {by}", "green"))
        table.add_row("last", Text(f"{_told(reports[-1], noun)}, cost {reports[-1].cost:.4f}"))
    else:
        table.add_row("best", Text("not known: no epoch was finished"))
    if confusion is not None:
        mistakes = confusions(confusion)[:3]
        told = ", ".join(f"{right} read as {said} (×{times})" for times, right, said in mistakes)
        table.add_row("confused", Text(told or f"no {noun} with any other"))
    for name, note in notes:
        table.add_row(name, Text(note))
    for row, (command, purpose) in enumerate(commands):
        line = Text.assemble((command, "cyan"), (f"  {purpose}", "dim"))
        table.add_row("" if row else "next", line)
    return table


def _told(report: EpochReport, noun: str) -> str:
    correct, total = report.correct or 0, report.total or 1
    told = f"epoch {report.number}: {correct} of {total} right ({100 * correct / total:.1f} %)"
    if report.training is not None:
        told += f", of the training {noun}s {100 * report.training.accuracy:.1f} %"
    return told


if __name__ == "__main__":
    made_up = [EpochReport(i, 400 + i, 500, 0.5 / (i + 1), 0.3, 3000.0) for i in range(5)]
    mistaken = [[9, 1, 0], [0, 8, 2], [0, 0, 10]]
    Console().print(
        summary(made_up, mistaken, [("kept", "net.json")], [("tinynn show net.json", "a look")])
    )
