"""The results of students' files, claim by claim: ``python -m tinynn.views.grades``."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from tinynn.teaching.claims import ROLES
from tinynn.teaching.grader import Report, Row
from tinynn.views.lines import Line, Page, Part, cut, table

_NAME = 30  # characters of the name of a file in a table
_WIDE = 100  # columns of the details, at most
_LONGEST = 400  # characters of an argument or an answer; what is longer is no smallest example
_STYLES = {
    "yours": "red",
    "by hand": "green",
    "expected": "green",
    "looks like": "bold yellow",
}


@dataclass
class Table(Page):
    """The reports of several files: a line for each, and which fail in it; then a summary."""

    reports: Sequence[Report]
    skipped: Sequence[str] = ()

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the table; below it how many files pass, and which claims fail most often."""
        rows: list[Sequence[Part]] = [[(head, "dim") for head in ("file", "passed", "failed", "")]]
        names = [os.path.basename(report.file) for report in self.reports]
        for report, name in zip(self.reports, names):
            path = name if names.count(name) == 1 else report.file
            short = cut(path.removesuffix(".py"), _NAME)
            failed = [row for row in report.rows if not row.passed]
            reasons: dict[str, list[str]] = {}
            for row in failed:
                reasons.setdefault(in_short(row), []).append(row.claim)
            why = "; ".join(f"{', '.join(claims)}: {reason}" for reason, claims in reasons.items())
            why = why or ("" if report.rows else "nothing to judge")
            passed, red = len(report.rows) - len(failed), "" if report.passed else "bold red"
            rows.append([(short, "bold"), (f"{passed}", "green"), (f"{len(failed)}", red), why])
        yield from table(rows, "<>><", width)
        yield ""
        passing = sum(report.passed for report in self.reports)
        yield [(f"{passing} of {len(self.reports)} files pass", "bold")]
        below = [*self.skipped]
        failing = Counter(r.claim for each in self.reports for r in each.rows if not r.passed)
        if failing:
            most = ", ".join(f"{claim} in {count}" for claim, count in failing.most_common(5))
            numbers = "the numbers: `tinynn grade FILE` for one file, --details for all"
            below = [f"fails most often: {most}", numbers, *below]
        yield from ([(line, "dim")] for text in below for line in wrap(text, width))


@dataclass
class Grades(Page):
    """A report as a table of claims, then a section for each claim that fails, and a summary."""

    piped = 10_000  # a line for each claim

    report: Report

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the table, the sections and the summary."""
        rows: list[Sequence[Part]] = []
        for row in self.report.rows:
            verdict = ("passed", "green") if row.passed else ("failed", "bold red")
            why = "" if row.passed else in_short(row)
            rows.append([(row.claim, "bold"), row.function, verdict, why])
        yield from table(rows, "<<<<", width) if rows else ()
        for row in self.report.rows:
            if row.kind in ("", "skipped", "missing", "blank"):
                continue
            yield ""
            yield [(row.claim, "bold red"), f"  {row.function}" if row.function else ""]
            for name, text in details(row, first_alike(self.report, row)):
                for i, part in enumerate(wrap(text, max(20, min(_WIDE, width) - 14)) or [""]):
                    yield [(f"  {'' if i else name:<10}  ", "dim"), (part, _STYLES.get(name, ""))]
        yield ""
        for line in summary(self.report):
            style = "bold" if line.startswith(self.report.file) else "dim"
            yield from ([(part, style)] for part in wrap(line, width))


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
        if other.claim == row.claim:
            return ""
        if row.diagnosis and (row.function, row.diagnosis) == (other.function, other.diagnosis):
            return other.claim
    return ""


def _right(row: Row) -> str:
    """Name the right answer: numbers that were worked out, or words that ask for something."""
    return "expected" if isinstance(row.expected, str) else "by hand"


def details(row: Row, alike: str = "") -> list[tuple[str, str]]:
    """Return the details of a row, each with its name: the promise, the numbers, what to mend.

    What it looks like is said once: ``alike`` is a claim above that looks the same.
    """
    calls = row.calls or ([row.call] if row.call else [])
    gave, wanted = ("", "") if row.calls else (_cut(row.gave), _cut(row.wanted))
    right = _right(row)
    by_hand = "" if wanted and right == "by hand" else "by hand" if wanted else right
    place, nothing = (f"line {row.line}", row.code), ("", "")
    found = [
        ("claim", row.sentence),
        *(("", formula) for formula in row.formulas),
        *(("" if i else "called", _cut(call)) for i, call in enumerate(calls)),
        ("", f"with {row.form}" if row.form else ""),
        ("yours", gave),
        ("problem", row.problem),
        nothing if row.kind == "numbers" else place,
        (right, wanted),
        *(("" if i else by_hand, line) for i, line in enumerate(row.arithmetic)),
        ("apart by", "" if row.difference is None else f"{row.difference:.3g}"),
        place if row.kind == "numbers" else nothing,
        ("looks like", f"the same as in {alike}" if alike else row.diagnosis),
    ]
    return [(name, text) for name, text in found if text]


def summary(report: Report) -> Iterator[str]:
    """Yield how many claims hold, and which functions were not found."""
    holding = sum(row.passed for row in report.rows)
    shown = {row.function for row in report.rows}
    said = f"{holding} of {len(report.rows)} claims hold"
    if not report.rows:
        said = "nothing to judge: it defines no function that a claim asks for"
    elif not report.rows[0].function:
        said = "no claim can be tried before this is mended"
    yield f"{report.file}: {said}"
    for name in report.other_arguments:
        signature = ROLES[name].signature.split(" ->")[0]
        yield f"{name}: takes other arguments, not judged; a claim needs {signature}"
    missing = {name: near for name, near in report.not_found.items() if name not in shown}
    for name, near in missing.items():
        if near:
            yield f"{near}: not judged; if it is meant to be {name}, call it so"
    names = [name for name, near in missing.items() if not near]
    if names:
        caption = ", ".join(names) if len(names) <= 5 else f"{len(names)} other functions"
        yield f"not in the file: {caption}; `tinynn claims` lists what can be judged"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


if __name__ == "__main__":
    numbers = Row(
        "bp2",
        "hidden_error",
        "numbers",
        call="hidden_error(next_weights = [[1]], next_error = [1], weighted_inputs = [0])",
        got=[1.0],
        expected=[0.25],
        gave="[1]",
        wanted="[0.25]",
        difference=0.75,
        arithmetic=("δ_1 = (w_11 δ_1) σ'(z_1) = ((1)(1)) (0.25) = 0.25",),
        diagnosis="σ'(z) is left out: multiply the error by the slope σ'(z_j).",
    )
    print(Grades(Report("student.py", [Row("bp1", "output_error"), numbers], {})))
