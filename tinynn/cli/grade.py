"""``tinynn grade``: a student's file, held against the claims of the book."""

from __future__ import annotations

import argparse
import json

from tinynn.cli.common import Commands, screen_console
from tinynn.errors import ArgumentError, require_count, require_positive


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "grade",
        help="judge a file of your own functions by the claims of the book",
        description=(
            "Judge the functions of a Python file by the claims of the book. Each claim is judged "
            "whose function the file defines; `tinynn claims` lists them. The file runs in a "
            "process of its own, which is stopped at the limits."
        ),
        epilog="example: tinynn grade student.py --claims bp1 bp2",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("file", help="a Python file with plain functions, such as hidden_error")
    option("--claims", nargs="+", metavar="CLAIM", help="judge these, such as bp1 bp2")
    option("--json", action="store_true", help="write the report as JSON")
    seconds = "seconds for each claim (default 20)"
    option("--time-limit", type=float, default=20.0, metavar="S", help=seconds)
    megabytes = "memory that the file may use (default 1024; not on Windows and macOS)"
    option("--memory-limit", type=int, default=1024, metavar="MB", help=megabytes)


def run(options: argparse.Namespace) -> int:
    """Print the report; return 0 if every claim asked for holds, else 1."""
    require_positive("--time-limit", options.time_limit)
    require_count("--memory-limit", options.memory_limit, 64)
    try:
        from tinynn.teaching.grader import grade
    except ImportError as error:
        raise ArgumentError(str(error)) from None
    report = grade(
        options.file,
        options.claims,
        time_limit=options.time_limit,
        memory_limit=options.memory_limit,
    )
    if options.json:
        print(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    elif (console := screen_console()) is not None:
        from tinynn.views.grades import Grades

        console.print(Grades(report))
    else:
        from tinynn.views import grade_lines

        print("\n".join(grade_lines.lines(report)))
    return 0 if report.passed else 1
