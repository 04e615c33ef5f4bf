"""Early stopping and learning-rate schedules: rules that depend only on the reports of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, log
from types import MappingProxyType
from typing import Any, Protocol

from tinynn.errors import ArgumentError, describe, require_count, require_kind, require_real
from tinynn.training.reports import EpochReport
from tinynn.training.run import Run

_CLOSE = 1e-9  # 0.5 / 1000 is 1/1000 of 0.5, apart from the last bits


class Rule(Protocol):
    """A rule that ``following`` checks before each epoch. Schedules also have ``next_eta``."""

    def ended(self, reports: Sequence[EpochReport], /) -> str:
        """Return why a run with these reports is over, or an empty string if it is not."""


@dataclass(frozen=True)
class NoImprovement:
    """Early stopping: a run is over after ``patience`` epochs without improvement.

    An epoch improves if it has more right answers on the validation data than all before it.
    Raises ArgumentError unless the patience is a whole number of at least 1.

    >>> from tinynn.training import Score
    >>> def after(*correct):
    ...     scores = [Score(right, 10, 0.5) for right in correct]
    ...     return [EpochReport(i, *[None] * 5, None, score) for i, score in enumerate(scores)]
    >>> rule = NoImprovement(2)
    >>> rule.left(after(5, 7, 7)), rule.ended(after(5, 7, 7))
    (1, '')
    >>> rule.left(after(5, 7, 7, 6)), rule.ended(after(5, 7, 7, 6))
    (0, 'no improvement in 2 epochs: best was epoch 1')
    """

    patience: int

    def __post_init__(self) -> None:
        require_count("patience", self.patience)

    def left(self, reports: Sequence[EpochReport]) -> int:
        """Return the number of epochs left until the run is over if none improves.

        Raises ArgumentError.
        """
        since = len(reports) - _best(reports) - 1 if reports else 0
        return max(0, self.patience - since)

    def ended(self, reports: Sequence[EpochReport]) -> str:
        """Return why a run with these reports is over, or an empty string. Raises ArgumentError."""
        if self.left(reports):
            return ""
        epochs = "epoch" if self.patience == 1 else "epochs"
        best = reports[_best(reports)].number
        return f"no improvement in {self.patience} {epochs}: best was epoch {best}"


@dataclass(frozen=True)
class Schedule:
    """A schedule: divide η by ``factor`` after ``patience`` epochs without improvement.

    The count restarts after each division. The run is over when η would fall to ``least`` times
    the η of the first epoch. Raises ArgumentError for invalid settings.

    >>> from tinynn.training import Score
    >>> def after(number, correct, eta):
    ...     return EpochReport(number, *[None] * 5, None, Score(correct, 10, 0.5), eta)
    >>> rule = Schedule(factor=2, patience=2, least=1 / 4)
    >>> reports = [after(0, 5, 0.5), after(1, 7, 0.5), after(2, 7, 0.5)]
    >>> rule.left(reports), rule.next_eta(reports)
    (1, 0.5)
    >>> reports += [after(3, 6, 0.5)]
    >>> rule.left(reports), rule.next_eta(reports), rule.ended(reports)
    (0, 0.25, '')
    >>> reports += [after(4, 7, 0.25), after(5, 7, 0.25)]
    >>> rule.next_eta(reports), rule.ended(reports)
    (0.125, 'η is down to 1/4 of 0.5: best was epoch 1')
    """

    factor: float
    patience: int
    least: float

    def __post_init__(self) -> None:
        for name, value in (("factor", self.factor), ("least", self.least)):
            require_real(name, value)
        if not 1.0 < self.factor < inf:
            given = describe(self.factor)
            raise ArgumentError(f"factor: expected a finite number above 1, such as 2, got {given}")
        require_count("patience", self.patience)
        if not 0.0 < self.least < 1.0 or self.factor / self.least == inf:
            expected = "expected a share between 0 and 1, such as 1/128"
            raise ArgumentError(f"least: {expected}, got {describe(self.least)}")

    def left(self, reports: Sequence[EpochReport]) -> int:
        """Return the number of epochs left until η falls if none improves. Raises ArgumentError."""
        if not reports:
            return self.patience
        now, since = _eta(reports[-1]), len(reports)
        while since and _eta(reports[since - 1]) == now:  # go back to the first epoch of this η
            since -= 1
        return max(0, self.patience - (len(reports) - max(since, _best(reports) + 1)))

    def next_eta(self, reports: Sequence[EpochReport]) -> float:
        """Return η of the next epoch: unchanged, or the first η over a power of ``factor``."""
        if not reports:
            raise ArgumentError("reports: expected at least one, got none: train an epoch first")
        now = _eta(reports[-1])
        return now if self.left(reports) else _eta(reports[0]) / self._share(reports)

    def ended(self, reports: Sequence[EpochReport]) -> str:
        """Return why a run with these reports is over, or an empty string. Raises ArgumentError."""
        if self.left(reports) or 1.0 / self._share(reports) > self.least * (1.0 + _CLOSE):
            return ""
        first, best = _eta(reports[0]), reports[_best(reports)].number
        return f"η is down to 1/{self._share(reports):,g} of {first:g}: best was epoch {best}"

    def _share(self, reports: Sequence[EpochReport]) -> float:
        """Return the divisor of the first η after the next fall."""
        falls = log(_eta(reports[0]) / _eta(reports[-1])) / log(self.factor)
        return float(self.factor ** (round(falls) + 1))


# The schedule of the book's exercise, and two that its text proposes.
SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {
        "halve": Schedule(2, 10, 1 / 128),
        "by-two": Schedule(2, 1, 1 / 1024),
        "by-ten": Schedule(10, 1, 1 / 1000),
    }
)


def following(run: Run, *rules: Rule) -> Iterator[EpochReport]:
    """Yield the reports of a run until a rule ends it, with the η of its schedule.

    The rules use the scores on the validation data. They have no state: a saved and resumed run
    continues bit for bit under the same rules. ``rule.ended(run.reports)`` returns why it is over.
    The run's settings limit the epochs as usual. Any object with ``ended`` can be a rule. Raises
    ArgumentError at the call.

    >>> from tinynn import Network, Vector
    >>> xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    >>> run = Network([2, 2, 1], seed=0).train(xor, 100, 4, 3.0, validation_data=xor, seed=0)
    >>> rule = NoImprovement(3)
    >>> len(list(following(run, rule))), rule.ended(run.reports)
    (4, 'no improvement in 3 epochs: best was epoch 0')
    """
    require_kind("run", run, Run, "net.train(…)")
    for rule in rules:
        if isinstance(rule, type) or not callable(getattr(rule, "ended", None)):
            raise ArgumentError(
                f"rules: expected NoImprovement(10), SCHEDULES['halve'] or the like, "
                f"got {describe(rule)}"
            )
    schedules: list[Any] = [rule for rule in rules if hasattr(rule, "next_eta")]
    if len(schedules) > 1:
        raise ArgumentError(f"rules: expected at most one schedule, got {len(schedules)}")
    if rules and "validation" not in run.measured:
        raise ArgumentError(_NO_VALIDATION)
    return _followed(run, rules, *schedules)


def _followed(run: Run, rules: Sequence[Rule], schedule: Any = None) -> Iterator[EpochReport]:
    while not any(rule.ended(run.reports) for rule in rules):
        if schedule is not None and run.reports:
            eta = schedule.next_eta(run.reports)
            if eta != run.reports[-1].eta:  # else keep it, or the one that you set
                run.eta = eta
        report = next(run, None)
        if report is None:
            return
        yield report


_NO_VALIDATION = (
    "validation_data: stopping and schedules need validation data, "
    "and this run has none: write net.train(…, validation_data=data.validation)"
)


def _best(reports: Sequence[EpochReport]) -> int:
    """Return the index of the first report with the most right answers on the validation data."""
    correct = []
    for report in reports:
        if report.validation is None:
            expected = "expected reports with a score on the validation data"
            raise ArgumentError(f"reports: {expected}, epoch {report.number} has none")
        correct.append(report.validation.correct)
    return correct.index(max(correct))


def _eta(report: EpochReport) -> float:
    if report.eta is None:
        raise ArgumentError("reports: expected reports with their η, got none: write eta=0.5")
    return report.eta
