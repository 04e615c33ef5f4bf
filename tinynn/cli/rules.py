"""The rules that `tinynn train` follows: when a run ends, and how its η falls."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, DataError, require_count
from tinynn.training import SCHEDULES, EpochReport, NoImprovement, Rule, Run, Schedule

MOST_EPOCHS = 200  # where a rule ends a run, and --epochs is not given


def add_rules(group: Any) -> None:
    """Add the options."""
    option = group.add_argument
    patience = "stop after N epochs without improvement on the validation digits"
    option("--patience", type=int, metavar="N", help=patience)
    schedule = "let η fall where the validation digits improve no more, and stop at last: "
    schedule += "halve (after 10 such epochs, to η/128), by-two (after 1, to η/1024) or "
    schedule += "by-ten (after 1, to η/1000)"
    option("--schedule", choices=tuple(SCHEDULES), metavar="KIND", help=schedule)


def rules_of(options: argparse.Namespace) -> tuple[Rule, ...]:
    """Return the rules that the options ask for. Raises ArgumentError."""
    rules: list[Rule] = []
    if options.schedule is not None:
        rules.append(SCHEDULES[options.schedule])
    if options.patience is not None:
        rules.append(NoImprovement(require_count("--patience", options.patience)))
    return tuple(rules)


def require_validation(options: argparse.Namespace, data: DataSet) -> None:
    """Raise ArgumentError if there are rules, and no validation digits for them to look at."""
    if rules_of(options) and not len(data.validation or ()):
        option = "--patience" if options.schedule is None else "--schedule"
        expected = "expected data with validation digits, by which a rule decides"
        raise ArgumentError(f"{option}: {expected}, got none in {options.data}: leave it out")


def about_rules(options: argparse.Namespace) -> dict[str, str]:
    """Return the rules as a file of the run keeps them."""
    kept = {"patience": options.patience, "schedule": options.schedule}
    return {name: str(value) for name, value in kept.items() if value is not None}


def take_rules(options: argparse.Namespace, about: Mapping[str, str], path: str) -> None:
    """Put in the rules of a run that was kept, where none are given anew. Raises DataError."""
    patience, schedule = about.get("patience"), about.get("schedule")
    whole = patience is None or (patience.isdecimal() and len(patience) < 10 and int(patience))
    if not whole:
        raise DataError(f"{path}: patience: expected a whole number of at least 1, got {patience}")
    if schedule is not None and schedule not in SCHEDULES:
        raise DataError(f"{path}: schedule: expected {' or '.join(SCHEDULES)}, got {schedule}")
    if options.patience is None and patience is not None:
        options.patience = int(patience)
    options.schedule = options.schedule or schedule


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
