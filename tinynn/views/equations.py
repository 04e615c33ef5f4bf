"""The equations that are code, and the code of one: ``python -m tinynn.views.equations``."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tinynn.notation import Equation, equations
from tinynn.views.plain import equation_source, location, package_folder


class EquationTable:
    """Every registered equation: its formula, its place and, where there is room, its function."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        wide = options.max_width >= 110
        for heading in ("", "formula", "where", *(["function"] if wide else [])):
            table.add_column(heading)
        chapter = 0
        for entry in equations():
            if entry.chapter != chapter:
                chapter = entry.chapter
                table.add_row("", Text(f"Chapter {chapter}", "bold magenta"))
            cells = [Text(entry.number, "bold"), Text(entry.formula, "cyan")]
            table.add_row(*cells, Text(location(entry), "dim"), *([entry.name] if wide else []))
        yield table
        after = f"Files are in {package_folder()}. `tinynn equations BP2` shows one as code."
        yield Text(after, "dim")


def equation_page(entry: Equation) -> Group:
    """Return the source of one equation's function under its number and formula."""
    code = Syntax(
        equation_source(entry),
        "python",
        line_numbers=True,
        start_line=entry.line,
        theme="ansi_dark",
        background_color="default",
        word_wrap=True,
    )
    heading = Text.assemble((f"({entry.number})", "bold"), "  ", (entry.formula, "cyan"))
    return Group(heading, Text(f"{package_folder()}/{location(entry)}", "dim"), code)


if __name__ == "__main__":
    Console().print(EquationTable())
