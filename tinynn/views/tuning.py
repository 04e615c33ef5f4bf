"""Hyper-parameters being chosen, on a terminal: ``python -m tinynn.views.tuning``."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from time import monotonic
from typing import Optional

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tinynn.experiments.tuning import Choice, Decision, Learnt, Record, Tried
from tinynn.training import EpochReport, Score
from tinynn.views.blocks import bar, columns
from tinynn.views.tuning_lines import choice_line, outcome

_A_SECOND = 8  # pictures
_BAR = 12
_TREND = 40  # columns of the curve of a run


class TuningScreen:
    """The trials of the step that is under way, as a table that grows; its decision below it.

    What is decided stays on the terminal, and the next step begins below.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.trials: list[Tried] = []
        self.now: Optional[Learnt] = None
        self.shares: list[float] = []  # of the run that is under way
        self.note = ""
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._drawn = 0.0

    def __enter__(self) -> TuningScreen:
        self._live.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._live.update(Text(), refresh=True)
        self._live.__exit__(None, None, None)

    def show(self, record: Record) -> None:
        """Show a record: an epoch, a trial, or a decision."""
        if isinstance(record, Decision):
            self._live.update(Text(), refresh=True)
            self.console.print(self.table())
            head = Text.assemble((f"{record.step}  ", "bold cyan"), (record.sentence, "green"))
            self.console.print(Padding(head, (0, 0, 1, 0)))
            self.trials, self.now = [], None
            return
        if isinstance(record, Tried):
            self.trials.append(record)
            self.now = None
        else:
            self._learnt(record)
        if isinstance(record, Tried) or monotonic() - self._drawn > 1 / _A_SECOND:
            self.draw()

    def _learnt(self, record: Learnt) -> None:
        if self.now is None or record.report.number == 0:
            self.shares = []
        if record.report.validation is not None:
            self.shares.append(record.report.validation.accuracy)
        self.now = record

    def say(self, note: str) -> None:
        """Show a line below, in place of an epoch."""
        self.note = note
        if monotonic() - self._drawn > 1 / _A_SECOND:
            self.draw()

    def draw(self) -> None:
        """Draw the table, and how far the run is that is under way."""
        self._drawn = monotonic()
        self._live.update(self.picture(), refresh=True)

    def picture(self) -> RenderableType:
        """Return the trials so far, and the run that is under way."""
        parts: list[RenderableType] = [self.table(self.console.height - 4)] if self.trials else []
        if self.now is not None:
            now, report = self.now, self.now.report
            validation = report.validation
            told = f"{validation.correct} of {validation.total} right" if validation else ""
            words = f"{choice_line(now.choice)}: seed {now.seed}, epoch {report.number}: {told}"
            drawn = columns([max(0.0, 2 * share - 1) for share in self.shares[-_TREND:]], 1)[0]
            parts.append(Text.assemble((f"{words} ", "dim"), (drawn, "green")))
        if self.note:
            parts.append(Text(self.note, "dim"))
        return Group(*parts)

    def table(self, most: int = 0) -> Table:
        """Return the trials of this step; the last ``most`` of them, if they are more."""
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, style="magenta")
        table.add_column()
        best = max((tried.correct for tried in self.trials), default=0)
        least = min((tried.correct for tried in self.trials), default=0)
        for tried in self.trials[-most:]:
            style = "red" if tried.costs and tried.rises else ""
            if not tried.costs and tried.correct == best:
                style = "bold"
            drawn = _costs(tried.costs) if tried.costs else _bar(tried.correct, least, best)
            table.add_row(choice_line(tried.choice), drawn, Text(outcome(tried), style))
        return table


def _bar(correct: int, least: int, best: int) -> str:
    """Return a bar that is full for the best, and of which the least has a fifth."""
    return bar(0.2 + 0.8 * (correct - least) / ((best - least) or 1), _BAR)


def _costs(costs: Sequence[float]) -> str:
    """Return a training cost after each epoch as bars, from 0 to the largest."""
    largest = max((cost for cost in costs if isfinite(cost)), default=1.0)
    return columns([min(cost, largest) for cost in costs], 1, largest)[0].ljust(_BAR)


if __name__ == "__main__":
    screen = TuningScreen(Console())
    screen.show(Tried("eta", Choice(0.5), 1000, [3.2, 1.1, 0.4], 280, 297, [2], 0.1))
    screen.show(Tried("eta", Choice(5.0), 1000, [3.2, 4.5, 3.4], 180, 297, [2], 0.1))
    score = Score(250, 297, 0.4)
    epoch = EpochReport(0, None, None, None, 0.1, 9000.0, None, score, 1.0)
    screen.show(Learnt("eta", Choice(1.0), 0, epoch))
    screen.console.print(screen.picture())
    screen.show(Decision("eta", "The threshold of η is between 0.5 and 5.", {}))
