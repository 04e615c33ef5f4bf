"""The epochs so far, as a table: ``python -m tinynn.views.epochs``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.training import EpochReport, NoImprovement, Schedule, Score, best_epoch

_ROOMY = 44  # columns from which there is room for η


@dataclass
class Epochs:
    """One line an epoch: how many are right, the accuracy, the cost. The last ones that fit.

    The best is marked. Where the training data is measured too, its accuracy is beside that of
    the test data; where η ``falls`` it is shown, if there is room. ``now`` is measured on a few
    digits, within the epoch that is under way.
    """

    reports: Sequence[EpochReport]
    now: Optional[Score] = None
    falls: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim", expand=True)
        total = next((report.total for report in self.reports if report.total), 0)
        both = any(report.training for report in self.reports)
        headings = f"of {total}" if total else "right", "accuracy"
        if both:
            headings = "test", "training"
        with_eta = self.falls and options.max_width >= _ROOMY
        for heading in ("epoch", *headings, "cost", *(["η"] if with_eta else []), ""):
            table.add_column(heading, justify="right", no_wrap=True)
        best = best_epoch(self.reports)
        room = max(2, options.height or 1000) - (2 if self.now else 1)
        for report in self.reports[-room:]:
            right = _percent(report.correct or 0, total or 1)
            training = report.training
            learnt = _percent(training.correct, training.total) if training else ""
            pair = (right, learnt) if both else (f"{report.correct or 0}", right)
            style = "bold green" if report is best else ""
            row = (Text(cell, style) for cell in (f"{report.number}", *pair))
            eta = [f"{report.eta or 0.0:.3g}"] if with_eta else []
            end = Text("best" if report is best else "", style)
            table.add_row(*row, f"{report.cost or 0.0:.4f}", *eta, end)
        if self.now is not None:
            correct, of, cost = self.now
            right = _percent(correct, of)
            pair = (right, "") if both else (f"{correct}/{of}", right)
            table.add_row(*(Text(cell, "dim") for cell in ("now", *pair, f"{cost:.4f}")))
        yield table


def _percent(correct: int, total: int) -> str:
    return f"{100 * correct / total:.2f} %"


def rule_line(rules: Sequence[object], reports: Sequence[EpochReport]) -> str:
    """Return η and the patience that is left, after these reports, in 36 characters at most."""
    schedule = next((rule for rule in rules if isinstance(rule, Schedule)), None)
    stop = next((rule for rule in rules if isinstance(rule, NoImprovement)), None)
    for rule in (schedule, stop):
        if rule is not None and rule.ended(reports):
            return rule.ended(reports).split(":")[0]
    if schedule is None:
        return f"patience {stop.left(reports)} of {stop.patience}" if stop else ""
    eta = f"η {schedule.next_eta(reports):.3g}" if reports else "η"
    left = schedule.left(reports) or schedule.patience  # it fell just now
    if stop is not None:
        return f"{eta} falls in {left}, ends in {stop.left(reports)}"
    first = reports[0].eta if reports else None
    if first is not None and schedule.next_eta(reports) < first:
        eta += f" of {first:.3g}"
    return f"{eta}, patience {left} of {schedule.patience}"


if __name__ == "__main__":
    made_up = [EpochReport(i, 400 + i, 500, 0.5 / (i + 1), 0.3, 3000.0) for i in range(5)]
    Console().print(Epochs(made_up, Score(83, 100, 0.1)))
