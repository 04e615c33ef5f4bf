"""``tinynn equations``: the book's equations and where each is code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tinynn.cli.command import Command, argument
from tinynn.views.equations import EquationPage, EquationTable, find_equation, symbol_lines


@dataclass
class Equations(Command):
    """List the book's equations and where each is code.

    List the book's equations and where each is code, or show the code of one.

    example: tinynn equations BP2

    number     an equation, such as BP2, 6 or z
    --symbols  list the book's symbols instead, each with an example
    """

    number: Optional[str] = argument()
    symbols: bool = False

    def run(self) -> int:
        """List the equations, or show the source of one."""
        if self.symbols:
            print("\n".join(symbol_lines()))
            return 0
        entry = find_equation(self.number) if self.number else None
        return self.show(EquationPage(entry) if entry else EquationTable(), self.console())
