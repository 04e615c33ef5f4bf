"""The equations that are code, and the code of one: ``python -m tinynn.views.equations``."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tinynn.notation import Equation, equations
from tinynn.views.plain import fast_twin, location, package_folder


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
    """Return the source of one equation's function, and of its twin over mini-batches, if any."""
    heading = Text.assemble((f"({entry.number})", "bold"), "  ", (entry.formula, "cyan"))
    parts = [heading, *_source(entry.function)]
    twin, said = fast_twin(entry)
    parts.append(Text(f"\n{said}", "bold" if twin else "dim"))
    return Group(*parts, *(_source(twin) if twin else []))


def _source(function: Callable[..., object]) -> list[RenderableType]:
    lines, first = inspect.getsourcelines(function)
    place = Text(f"{inspect.getsourcefile(function)}:{first}", "dim")
    code = Syntax(
        "".join(lines).rstrip(),
        "python",
        line_numbers=True,
        start_line=first,
        theme="ansi_dark",
        background_color="default",
        word_wrap=True,
    )
    return [place, code]


if __name__ == "__main__":
    Console().print(EquationTable())
