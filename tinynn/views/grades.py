"""What came of students' files, claim by claim: ``python -m tinynn.views.grades``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Union

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from tinynn.teaching.grader import Report, Row
from tinynn.views import grade_lines


class Table:
    """The reports of several files: a line for each, and a summary."""

    def __init__(self, reports: Sequence[Report], skipped: Sequence[str] = ()) -> None:
        self.reports = reports
        self.skipped = skipped

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column("file", no_wrap=True)
        table.add_column("passed", justify="right", no_wrap=True, style="green")
        table.add_column("failed", justify="right", no_wrap=True)
        table.add_column("")
        for report, row in zip(self.reports, grade_lines.file_rows(self.reports)):
            file, passed, failed, why = row
            red = "" if report.passed else "bold red"
            table.add_row(Text(file, "bold"), passed, Text(failed, red), Text(why))
        yield table
        yield ""
        first, *others = grade_lines.class_summary(self.reports, self.skipped)
        yield Text(first, "bold")
        for line in others:
            yield Text(line, "dim")


class Grades:
    """A report as a table of claims, then a section for each claim that fails."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for heading in ("claim", "function", ""):
            table.add_column(heading, no_wrap=bool(heading))
        for row in self.report.rows:
            verdict = Text("passed", "green")
            if not row.passed:
                verdict = Text.assemble(("failed", "bold red"), "  ", grade_lines.in_short(row))
            table.add_row(Text(row.claim, "bold"), Text(row.function), verdict)
        yield table
        for row in self.report.rows:
            if grade_lines.has_details(row):
                yield from _section(row, grade_lines.first_alike(self.report, row))
        yield ""
        for line in grade_lines.summary(self.report):
            yield Text(line, "bold" if line.startswith(self.report.file) else "dim")


def _section(row: Row, alike: str) -> Iterator[Union[Rule, Padding]]:
    yield Rule(
        Text.assemble((row.claim, "bold red"), f"  {row.function}"), align="left", style="dim"
    )
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    styles = {
        "yours": "red",
        "by hand": "green",
        "expected": "green",
        "looks like": "bold yellow",
        "code": "cyan",
    }
    for name, text in grade_lines.details(row, alike):
        grid.add_row(name, Text(text, styles.get(name, "")))
    yield Padding(grid, (0, 0, 0, 2))


def main() -> None:
    """Draw a report that is made up."""
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
    Console().print(Grades(Report("student.py", [Row("bp1", "output_error"), numbers], {})))


if __name__ == "__main__":
    main()
