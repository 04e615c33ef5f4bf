"""What came of a student's file, as plain lines: the words that the table uses too."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from tinynn.teaching.grader import Report, Row
from tinynn.teaching.claims import ROLES

_WIDE = 100
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
            return f"gave {row.gave}, expected {row.wanted}"
        first = row.arithmetic[0] if row.arithmetic else ""
        return first if 0 < len(first) < 60 else "gave other numbers than expected"
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
        yield "gave", _cut(row.gave)
        if row.wanted:
            yield "expected", _cut(row.wanted)
    if row.problem:
        yield "problem", row.problem
    if row.code:
        yield f"line {row.line}", row.code
    if row.wanted and not row.gave:
        yield "expected", _cut(row.wanted)
    if row.difference is not None:
        yield "apart by", f"{row.difference:.3g}"
    for i, line in enumerate(row.arithmetic):
        yield "" if i else "by hand", line
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
