"""What came of a student's file, as plain lines: the words that the table uses too."""

from __future__ import annotations

import os
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from tinynn.teaching.claims import ROLES
from tinynn.teaching.grader import Report, Row

_WIDE = 100
_TABLE = 80  # characters of a table of files
_NAME = 30  # characters of the name of a file in it
_LONGEST = 400  # characters of an argument or an answer; what is longer is no smallest example


def lines(report: Report) -> Iterator[str]:
    """Yield a line for each claim, the details of each that fails, and a summary."""
    claim = max((len(row.claim) for row in report.rows), default=0)
    function = max((len(row.function) for row in report.rows), default=0)
    for row in report.rows:
        verdict = "passed" if row.passed else f"failed  {in_short(row)}"
        yield f"{row.claim:<{claim}}  {row.function:<{function}}  {verdict}"
    for row in report.rows:
        if has_details(row):
            yield ""
            yield f"{row.claim}  {row.function}".rstrip()
            for name, text in details(row, first_alike(report, row)):
                for i, part in enumerate(textwrap.wrap(text, _WIDE - 14) or [""]):
                    yield f"  {'' if i else name:<10}  {part}"
    yield ""
    yield from summary(report)


def table(reports: Sequence[Report], skipped: Sequence[str] = ()) -> Iterator[str]:
    """Yield a line for each file, how many claims hold, and which fail in it; then a summary."""
    rows = [("file", "passed", "failed", ""), *file_rows(reports)]
    name = max(len(row[0]) for row in rows)
    for file, passed, failed, why in rows:
        start = f"{file:<{name}}  {passed:>6}  {failed:>6}"
        for i, part in enumerate(textwrap.wrap(why, _TABLE - name - 18) or [""]):
            yield f"{'' if i else start:<{name + 16}}  {part}".rstrip()
    yield ""
    yield from class_summary(reports, skipped)


def file_rows(reports: Sequence[Report]) -> Iterator[tuple[str, str, str, str]]:
    """Yield for each file its name, how many claims hold and fail, and what fails, in short."""
    names = [os.path.basename(report.file) for report in reports]
    for report, name in zip(reports, names):
        short = (name if names.count(name) == 1 else report.file).removesuffix(".py")
        short = short if len(short) <= _NAME else f"{short[: _NAME - 1]}…"
        failed = [row for row in report.rows if not row.passed]
        reasons: dict[str, list[str]] = {}
        for row in failed:
            reasons.setdefault(in_short(row), []).append(row.claim)
        why = "; ".join(f"{', '.join(claims)}: {reason}" for reason, claims in reasons.items())
        passed = str(len(report.rows) - len(failed))
        yield short, passed, str(len(failed)), why or ("" if report.rows else "nothing to judge")


def class_summary(reports: Sequence[Report], skipped: Sequence[str] = ()) -> Iterator[str]:
    """Yield how many files pass, which claims fail most often, and what was left out."""
    passing = sum(report.passed for report in reports)
    yield f"{passing} of {len(reports)} files pass"
    failing = Counter(row.claim for each in reports for row in each.rows if not row.passed)
    if failing:
        most = ", ".join(f"{claim} in {count}" for claim, count in failing.most_common(5))
        yield from textwrap.wrap(f"fails most often: {most}", _TABLE)
        yield "the numbers: `tinynn grade FILE` for one file, --details for all"
    for line in skipped:
        yield from textwrap.wrap(line, _TABLE)


def has_details(row: Row) -> bool:
    """Say whether there is more to tell of a row than its line in the table."""
    return row.kind not in ("", "skipped", "missing", "blank")


def in_short(row: Row) -> str:
    """Say in a few words why a claim fails.

    >>> in_short(Row("bp3", "bias_gradient", "numbers", diagnosis="δ is squared: ∂C/∂b = δ."))
    'δ is squared'
    >>> in_short(Row("bp3", "bias_gradient", "error", "ZeroDivisionError: …", 7))
    'line 7: ZeroDivisionError: …'
    """
    if row.diagnosis:
        return re.split(r"[:.] |\.$", row.diagnosis)[0]
    if row.kind == "numbers" and row.gave and row.wanted:
        if row.calls:
            return row.arithmetic[-1] if len(row.arithmetic[-1]) < 60 else row.calls[-1]
        if len(row.gave) + len(row.wanted) < 60:
            return f"yours {row.gave}; {_right(row)} {row.wanted}"
        return "gives other numbers than by hand"
    return f"line {row.line}: {row.problem}" if row.line else row.problem


def first_alike(report: Report, row: Row) -> str:
    """Return the first claim which fails for the very same reason, if it is another one."""
    for other in report.rows:
        alike = other.function == row.function and other.diagnosis == row.diagnosis
        if row.diagnosis and alike and other.claim != row.claim:
            return other.claim
        if other.claim == row.claim:
            break
    return ""


def _right(row: Row) -> str:
    """Name the right answer: numbers that were worked out, or words that ask for something."""
    return "expected" if isinstance(row.expected, str) else "by hand"


def details(row: Row, alike: str = "") -> Iterator[tuple[str, str]]:
    """Yield the details of a row, each with its name: the promise, the numbers, what to mend.

    What it looks like is told once: ``alike`` is a claim above that looks the same.
    """
    if row.sentence:
        yield "claim", row.sentence
    for formula in row.formulas:
        yield "", formula
    for i, call in enumerate(row.calls or ([row.call] if row.call else [])):
        yield "" if i else "called", _cut(call)
    if row.form:
        yield "", f"with {row.form}"
    if row.gave and not row.calls:
        yield "yours", _cut(row.gave)
    if row.problem:
        yield "problem", row.problem
    if row.code and row.kind != "numbers":
        yield f"line {row.line}", row.code
    label = _right(row)
    if row.wanted and not row.calls:
        yield label, _cut(row.wanted)
        label = "" if label == "by hand" else "by hand"
    for i, line in enumerate(row.arithmetic):
        yield "" if i else label, line
    if row.difference is not None:
        yield "apart by", f"{row.difference:.3g}"
    if row.code and row.kind == "numbers":
        yield f"line {row.line}", row.code
    if row.diagnosis:
        yield "looks like", f"the same as in {alike}" if alike else row.diagnosis


def summary(report: Report) -> Iterator[str]:
    """Yield how many claims hold, and which functions were not found."""
    holding = sum(row.passed for row in report.rows)
    shown = {row.function for row in report.rows}
    if not report.rows:
        yield f"{report.file}: nothing to judge: it defines no function that a claim asks for"
    elif report.rows[0].function:
        yield f"{report.file}: {holding} of {len(report.rows)} claims hold"
    else:
        yield f"{report.file}: no claim can be tried before this is mended"
    for name in report.other_arguments:
        signature = ROLES[name].signature.split(" ->")[0]
        yield f"{name}: takes other arguments, not judged; a claim needs {signature}"
    missing = {name: near for name, near in report.not_found.items() if name not in shown}
    for name, near in missing.items():
        if near:
            yield f"{near}: not judged; if it is meant to be {name}, call it so"
    names = [name for name, near in missing.items() if not near]
    if names:
        told = ", ".join(names) if len(names) <= 5 else f"{len(names)} other functions"
        yield f"not in the file: {told}; `tinynn claims` lists what can be judged"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
