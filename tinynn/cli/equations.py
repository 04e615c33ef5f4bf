"""``tinynn equations``: the book's equations and where each is code."""

from __future__ import annotations

import argparse

from tinynn.cli.common import Commands, screen_console
from tinynn.views import plain


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
        print("\n".join(plain.symbol_lines()))
        return 0
    entry = plain.find_equation(options.number) if options.number else None
    console = screen_console()
    if console is None:
        if entry:
            print(f"({entry.number})  {entry.formula}\n{entry.file}:{entry.line}\n")
            print(plain.source(entry.function))
            twin, said = plain.fast_twin(entry)
            print(f"\n# {said}")
            if twin is not None:
                print(f"\n{plain.source(twin)}")
        else:
            print("\n".join(plain.equation_lines()))
        return 0
    from tinynn.views.equations import EquationTable, equation_page

    console.print(equation_page(entry) if entry else EquationTable())
    return 0
