"""``tinynn grade``: a student's file, held against the claims of the book."""

from __future__ import annotations

import argparse
import json
from contextlib import nullcontext
from typing import Optional

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
            "process of its own, which is stopped at the limits, and what it prints is not shown. "
            "That keeps off accidents, not attackers: it could still write and delete files."
        ),
        epilog="example: tinynn grade student.py --claims bp1 bp2",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("file", nargs="?", help="a Python file with plain functions, such as hidden_error")
    option("--claims", nargs="+", metavar="CLAIM", help="judge these, such as bp1 bp2")
    option("--json", action="store_true", help="write the report as JSON")
    seconds = "seconds for each claim (default 20)"
    option("--time-limit", type=float, metavar="S", help=seconds)
    megabytes = "MB of memory for the file's process (default 1024; kept to on Linux only)"
    option("--memory-limit", type=int, metavar="MB", help=megabytes)


def run(options: argparse.Namespace) -> int:
    """Print the report; return 0 if every claim asked for holds, else 1."""
    try:
        from tinynn.teaching.grader import LEAST_MEMORY, MEMORY_LIMIT, TIME_LIMIT, grade
    except ImportError as error:
        raise ArgumentError(str(error)) from None
    seconds = TIME_LIMIT if options.time_limit is None else options.time_limit
    megabytes = MEMORY_LIMIT if options.memory_limit is None else options.memory_limit
    require_positive("--time-limit", seconds)
    require_count("--memory-limit", megabytes, LEAST_MEMORY)
    file, claims = file_and_claims(options.file, options.claims)
    console = None if options.json else screen_console()
    wait = f"judging; a claim takes {seconds:g} s at most"
    with console.status(wait, spinner="line") if console else nullcontext():
        report = grade(file, claims, time_limit=seconds, memory_limit=megabytes)
    if options.json:
        print(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    elif console is not None:
        from tinynn.views.grades import Grades

        console.print(Grades(report))
    else:
        from tinynn.views import grade_lines

        print("\n".join(grade_lines.lines(report)))
    return 0 if report.passed else 1


def file_and_claims(
    file: Optional[str], claims: Optional[list[str]]
) -> tuple[str, Optional[list[str]]]:
    """Return both, where the file may have come after --claims, which takes all that follows.

    >>> file_and_claims(None, ["bp1", "student.py"])
    ('student.py', ['bp1'])
    """
    if file is not None:
        return file, claims
    files = [each for each in claims or () if each.endswith(".py")]
    if len(files) != 1:
        raise ArgumentError("the following arguments are required: file")
    return files[0], [each for each in claims or () if each not in files] or None
