"""``tinynn equations``: the book's equations and where each is code."""

from __future__ import annotations

import argparse

from tinynn.cli.common import Commands, screen_console, show
from tinynn.views.equations import EquationPage, EquationTable, find_equation, symbol_lines


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "equations",
        help="list the book's equations and where each is code",
        description="List the book's equations and where each is code, or show the code of one.",
        epilog="example: tinynn equations BP2",
    )
    parser.set_defaults(run=run)
    parser.add_argument("number", nargs="?", help="an equation, such as BP2, 6 or z")
    symbols = "list the book's symbols instead, each with an example"
    parser.add_argument("--symbols", action="store_true", help=symbols)


def run(options: argparse.Namespace) -> int:
    """List the equations, or show the source of one."""
    if options.symbols:
        print("\n".join(symbol_lines()))
        return 0
    entry = find_equation(options.number) if options.number else None
    show(EquationPage(entry) if entry else EquationTable(), screen_console())
    return 0
