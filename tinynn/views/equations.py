"""The equations that are code, and the code of one: ``python -m tinynn.views.equations``."""

from __future__ import annotations

import inspect
import os
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import tinynn
from tinynn import Network  # noqa: F401  # which registers every equation
from tinynn.errors import DataError
from tinynn.notation import GLOSSARY, Equation, equations
from tinynn.views.lines import Line, Page, Part, table

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_WIDE = 110  # columns from which there is room for the names of functions


def find_equation(number: str) -> Equation:
    """Return the registered equation of this number, such as ``BP2``, ``bp2`` or ``(16)``."""
    wanted = number.strip("() ").lower()
    for entry in equations():
        if entry.number.lower() == wanted:
            return entry
    raise DataError(f"no equation {number!r} is code here: `tinynn equations` lists those that are")


def _location(entry: Equation) -> str:
    """Return the file and line of an equation, such as ``tinynn/linalg.py:217``."""
    return f"{entry.module.replace('.', '/')}.py:{entry.line}"


class EquationTable(Page):
    """Every registered equation: its formula, its place and, where there is room, its function.

    As plain text it is one line for each.
    """

    def __str__(self) -> str:
        start = (f"{each.number:<5} {each.formula:<50}" for each in equations())
        end = (f" {each.name:<22} {_location(each)}" for each in equations())
        return "\n".join(map(str.__add__, start, end))

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield a table, chapter by chapter, and where the files are."""
        heads = "", "formula", "where", "function"
        rows: list[list[Part]] = [[(head, "dim") for head in heads]]
        chapter = 0
        for each in equations():
            if each.chapter != chapter:
                chapter = each.chapter
                rows.append(["", (f"Chapter {chapter}", "bold magenta"), "", ""])
            named = (each.number, "bold"), (each.formula, "cyan"), (_location(each), "dim")
            rows.append([*named, each.name])
        shown = [row if width >= _WIDE else row[:-1] for row in rows]
        yield from table(shown, "<<<<", width, flexible=1)
        folder = os.path.dirname(os.path.dirname(os.path.abspath(tinynn.__file__)))
        after = f"Files are in {folder}. `tinynn equations BP2` shows one as code."
        yield from ([(line, "dim")] for line in textwrap.wrap(after, width))


class EquationPage:
    """The source of an equation's function, and of its twin over whole mini-batches, if any."""

    def __init__(self, entry: Equation) -> None:
        self.entry = entry
        self.functions = [entry.function]
        try:
            import tinynn.fast  # declares the twins
        except ImportError:
            self.said = "Its twin over whole mini-batches needs NumPy: pip install numpy"
            return
        self.said = f"{tinynn.fast.__name__} has no twin of it: only the loops compute it."
        if entry.twin is not None:
            twin = entry.twin.fast
            self.functions.append(twin)
            self.said = f"{twin.__module__}: the same over a whole mini-batch, in NumPy"

    def __str__(self) -> str:
        entry = self.entry
        head = f"({entry.number})  {entry.formula}\n{entry.file}:{entry.line}"
        codes = [inspect.getsource(each).rstrip() for each in self.functions]
        return "\n\n".join([head, codes[0], f"# {self.said}", *codes[1:]])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.syntax import Syntax
        from rich.text import Text

        yield Text.assemble((f"({self.entry.number})", "bold"), "  ", (self.entry.formula, "cyan"))
        for function in self.functions:
            if function is not self.entry.function:
                yield Text(f"\n{self.said}", "bold")
            lines, first = inspect.getsourcelines(function)
            yield Text(f"{inspect.getsourcefile(function)}:{first}", "dim")
            how: Any = {"line_numbers": True, "start_line": first, "word_wrap": True}
            colours: Any = {"theme": "ansi_dark", "background_color": "default"}
            yield Syntax("".join(lines).rstrip(), "python", **how, **colours)
        if len(self.functions) == 1:
            yield Text(f"\n{self.said}", "dim")


def symbol_lines() -> Iterator[str]:
    """Yield the glossary: each symbol, what it means, and an example."""
    for each in GLOSSARY:
        yield f"{each.symbol:<7} {each.meaning}"
        yield f"{'':<7} {each.example}"


if __name__ == "__main__":
    print(EquationTable())
