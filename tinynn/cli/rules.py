"""The rules that `tinynn train` follows: when a run ends, and how its η falls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Optional

from tinynn.errors import DataError
from tinynn.training import SCHEDULES, EpochReport, NoImprovement, Rule, Run, Schedule

MOST_EPOCHS = 200  # where a rule ends a run, and --epochs is not given


def rules_of(patience: Optional[int], schedule: Optional[str]) -> tuple[Rule, ...]:
    """Return the rules that are asked for."""
    rules: list[Rule] = [] if schedule is None else [SCHEDULES[schedule]]
    return (*rules, *([] if patience is None else [NoImprovement(patience)]))


def kept_rules(about: Mapping[str, str], path: str) -> tuple[Optional[int], Optional[str]]:
    """Return the patience and the schedule of a run that was kept. Raises DataError."""
    patience, schedule = about.get("patience"), about.get("schedule")
    whole = patience is None or (patience.isdecimal() and len(patience) < 10 and int(patience))
    if not whole:
        raise DataError(f"{path}: patience: expected a whole number of at least 1, got {patience}")
    if schedule is not None and schedule not in SCHEDULES:
        raise DataError(f"{path}: schedule: expected {' or '.join(SCHEDULES)}, got {schedule}")
    return None if patience is None else int(patience), schedule


def why_ended(rules: Sequence[Rule], reports: Sequence[EpochReport]) -> str:
    """Return why a run with these reports is over: what its first rule says; else ""."""
    return next(filter(None, (rule.ended(reports) for rule in rules)), "")


def falls(rules: Sequence[Rule], run: Run) -> str:
    """Return a line if η falls after the last report of a run that goes on; else ""."""
    reports = run.reports
    if why_ended(rules, reports) or len(reports) >= run.settings.epochs:
        return ""
    for rule in rules:
        if isinstance(rule, Schedule) and rule.next_eta(reports) != reports[-1].eta:
            return f"η is {rule.next_eta(reports):g} from epoch {len(reports)} on"
    return ""


def to_go_on(rules: Sequence[Rule], run: Run) -> Optional[list[str]]:
    """Return the options with which a run goes on; None if its schedule is at its end."""
    found, done = [], len(run.reports)
    for rule in rules:
        if not rule.ended(run.reports):
            continue
        if not isinstance(rule, NoImprovement):
            return None
        found += ["--patience", str(2 * rule.patience)]
    if done >= run.settings.epochs:
        found += ["--epochs", str(2 * done)]
    return found
