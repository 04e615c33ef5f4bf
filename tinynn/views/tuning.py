"""Hyper-parameters being chosen, on a terminal and as lines: ``python -m tinynn.views.tuning``."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import TYPE_CHECKING, Any, Optional

from tinynn.experiments.tuning import Choice, Decision, Learnt, Record, Tried
from tinynn.files import json_safe
from tinynn.training import EpochReport, Score
from tinynn.views.blocks import bar, columns
from tinynn.views.lines import Line, Page, Stack, table

if TYPE_CHECKING:
    from rich.console import Console

_A_SECOND = 8  # pictures
_BAR = 12
_TREND = 40  # columns of the curve of a run


def choice_line(choice: Choice) -> str:
    """Return a choice in the book's letters.

    >>> choice_line(Choice(0.5, 0.1))
    'η 0.5, λ 0.1, mini-batch 10'
    """
    return f"η {choice.eta:g}, λ {choice.lmbda:g}, mini-batch {choice.mini_batch_size}"


def outcome(tried: Tried) -> str:
    """Return what a trial did: to the training cost, or to the validation digits.

    >>> outcome(Tried("lmbda", Choice(0.5), 9, [], 280, 297, [4], 1.25))
    '280 of 297 right, best epoch 4, 1.2 s'
    """
    if tried.step == "problem":
        return f"{tried.correct} of {tried.total} right; {tried.about_cost()}"
    if tried.costs:
        return tried.about_cost()
    numbers = ", ".join(map(str, tried.best_epochs))
    best = f"best epoch{'s' if len(tried.best_epochs) > 1 else ''} {numbers}"
    waited = f", patience {tried.patience}" if tried.step == "epochs" else ""
    return f"{tried.correct} of {tried.total} right, {best}, {tried.seconds:.1f} s{waited}"


def line_of(record: Record) -> str:
    """Return a trial or a decision as a line; an epoch has none.

    >>> line_of(Decision("lmbda", "λ = 0.", {}))
    'lmbda: λ = 0.'
    """
    if isinstance(record, Decision):
        return f"{record.step}: {record.sentence}"
    if isinstance(record, Tried):
        return f"  {choice_line(record.choice)}: {outcome(record)}"
    return ""


def command(result: Mapping[str, Any], data: str, fast: bool, seed: int) -> str:
    """Return the command that trains with the settings of a result.

    >>> found = {"sizes": [64, 30, 10], "eta": 0.5, "lmbda": 0.0, "patience": 10}
    >>> command(found, "digits", True, 0)
    'tinynn train --fast --sizes 64 30 10 --eta 0.5 --patience 10 --seed 0'
    """
    words = ["tinynn", "train"]
    words += ["--data", data] if data != "digits" else []
    words += ["--fast"] if fast else []
    for name, value in result.items():
        if not value and name in ("lmbda", "mu"):
            continue
        numbers = value if isinstance(value, list) else [value]
        texts = [f"{each:.12g}" if isinstance(each, float) else str(each) for each in numbers]
        words += [f"--{name.replace('_', '-')}", *texts]
    return " ".join(map(shlex.quote, [*words, "--seed", str(seed)]))


def as_json(record: Any) -> dict[str, Any]:
    """Return a trial or a decision as JSON can hold it: the reports stay out, inf is a word."""
    parts = record._asdict()
    parts.pop("reports", None)
    if isinstance(record, Tried):
        parts["choice"] = record.choice._asdict()
    return {"record": "trial" if isinstance(record, Tried) else "decision", **json_safe(parts)}


class TuningScreen:
    """The trials of the step that is under way, as a table that grows; its decision below it.

    What is decided stays on the terminal, and the next step begins below.
    """

    def __init__(self, console: Console) -> None:
        from rich.live import Live  # a pipe needs no Rich

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
        self._live.update("", refresh=True)
        self._live.__exit__(None, None, None)

    def show(self, record: Record) -> None:
        """Show a record: an epoch, a trial, or a decision."""
        if isinstance(record, Decision):
            self._live.update("", refresh=True)
            self.console.print(Trials(self.trials))
            row = (record.step, "bold cyan"), (record.sentence, "green")
            self.console.print(Stack(*table([row], "<<", self.console.width)), "")
            self.trials, self.now = [], None
        elif isinstance(record, Tried):
            self.trials.append(record)
            self.now = None
            self.draw()
        else:
            if self.now is None or record.report.number == 0:
                self.shares = []
            if record.report.validation is not None:
                self.shares.append(record.report.validation.accuracy)
            self.now = record
            self._draw_in_time()

    def say(self, note: str) -> None:
        """Show a line below, in place of an epoch."""
        self.note = note
        self._draw_in_time()

    def _draw_in_time(self) -> None:
        if monotonic() - self._drawn > 1 / _A_SECOND:
            self.draw()

    def draw(self) -> None:
        """Draw the table, and how far the run is that is under way."""
        self._drawn = monotonic()
        self._live.update(self.picture(), refresh=True)

    def picture(self) -> Stack:
        """Return the trials so far, and the run that is under way."""
        parts: list[Any] = [Trials(self.trials, self.console.height - 4)] if self.trials else []
        if self.now is not None:
            now, report = self.now, self.now.report
            validation = report.validation
            text = f"{validation.correct} of {validation.total} right" if validation else ""
            words = f"{choice_line(now.choice)}: seed {now.seed}, epoch {report.number}: {text}"
            drawn = columns([max(0.0, 2 * share - 1) for share in self.shares[-_TREND:]], 1)[0]
            parts.append([(f"{words} ", "dim"), (drawn, "green")])
        return Stack(*parts, *[[(self.note, "dim")]] * bool(self.note))


@dataclass
class Trials(Page):
    """Trials, a line each: the choice, the costs or how many are right as bars, and the outcome."""

    trials: Sequence[Tried]
    most: int = 0

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the table; the best is bold, and red are costs that rise."""
        right = [tried.correct for tried in self.trials]
        best, least = max(right, default=0), min(right, default=0)
        rows = []
        for tried in self.trials[-self.most :]:
            style = "red" if tried.costs and tried.rises else ""
            if not tried.costs and tried.correct == best:
                style = "bold"
            drawn = _costs(tried.costs) if tried.costs else _bar(tried.correct, least, best)
            rows.append((choice_line(tried.choice), (drawn, "magenta"), (outcome(tried), style)))
        yield from table(rows, "<<<", width, gap=1) if rows else ()


def _bar(correct: int, least: int, best: int) -> str:
    """Return a bar that is full for the best, and of which the least has a fifth."""
    return bar(0.2 + 0.8 * (correct - least) / ((best - least) or 1), _BAR)


def _costs(costs: Sequence[float]) -> str:
    """Return a training cost after each epoch as bars, from 0 to the largest."""
    largest = max((cost for cost in costs if isfinite(cost)), default=1.0)
    return columns([min(cost, largest) for cost in costs], 1, largest)[0].ljust(_BAR)


if __name__ == "__main__":
    from rich.console import Console

    screen = TuningScreen(Console())
    screen.show(Tried("eta", Choice(0.5), 1000, [3.2, 1.1, 0.4], 280, 297, [2], 0.1))
    screen.show(Tried("eta", Choice(5.0), 1000, [3.2, 4.5, 3.4], 180, 297, [2], 0.1))
    score = Score(250, 297, 0.4)
    epoch = EpochReport(0, None, None, None, 0.1, 9000.0, None, score, 1.0)
    screen.show(Learnt("eta", Choice(1.0), 0, epoch))
    screen.console.print(screen.picture())
    screen.show(Decision("eta", "The threshold of η is between 0.5 and 5.", {}))
