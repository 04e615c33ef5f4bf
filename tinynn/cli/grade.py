"""``tinynn grade``: students' files, held against the claims of the book."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING, Optional

from tinynn.cli.common import Commands, screen_console, show
from tinynn.errors import ArgumentError, DataError, require_count, require_positive
from tinynn.files import cache_folder

if TYPE_CHECKING:
    from tinynn.teaching.grader import Report

_SHARE = 4  # files that make it worth while to start one more process


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "grade",
        help="judge files of your own functions by the claims of the book",
        description=(
            "Judge the functions of Python files by the claims of the book. Each claim is judged "
            "whose function a file defines; `tinynn claims` lists them. A file runs in a process "
            "by itself, which answers calls, is stopped at the limits and ends with the grader; "
            "what it prints is not shown. Whether its answers are right is decided outside of it. "
            "That keeps off accidents and forged verdicts, but it is not a safe: the file can "
            "read what you can read, and write new files."
        ),
        epilog="example: tinynn grade student.py --claims bp1 bp2",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("files", nargs="*", metavar="FILE", help="Python files, or folders of them")
    option("--claims", nargs="+", metavar="CLAIM", help="judge these, such as bp1 bp2")
    option("--recursive", action="store_true", help="judge the folders in a folder too")
    option("--details", action="store_true", help="of several files too, explain what fails")
    option("--json", action="store_true", help="write the report as JSON; a list of several")
    jobs = f"files judged at once (default: one a core, for every {_SHARE} files)"
    option("--jobs", type=int, metavar="N", help=jobs)
    seconds = "seconds for each claim (default 20)"
    option("--time-limit", type=float, metavar="S", help=seconds)
    megabytes = "MB of memory for a file's process (default 1024; kept to on Linux only)"
    option("--memory-limit", type=int, metavar="MB", help=megabytes)


def run(options: argparse.Namespace) -> int:
    """Print the reports. Return 0 if all requested claims hold, else 1."""
    # what Hypothesis notes is not to lie in the folder of the students' files
    notes = os.path.join(cache_folder(), "hypothesis")
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", notes)
    if find_spec("hypothesis") is None:
        raise ArgumentError("tinynn.teaching needs Hypothesis: pip install hypothesis")
    from tinynn.teaching.grader import LEAST_MEMORY, MEMORY_LIMIT, TIME_LIMIT, grade_all

    seconds = TIME_LIMIT if options.time_limit is None else options.time_limit
    megabytes = MEMORY_LIMIT if options.memory_limit is None else options.memory_limit
    require_positive("--time-limit", seconds)
    require_count("--memory-limit", megabytes, LEAST_MEMORY)
    paths, claims = files_and_claims(options.files, options.claims)
    files, skipped = files_in(paths, options.recursive)
    cores = min(os.cpu_count() or 1, max(1, len(files) // _SHARE))
    jobs = cores if options.jobs is None else require_count("--jobs", options.jobs)
    console = None if options.json else screen_console()
    wait = f"judging; a claim takes {seconds:g} s at most"
    reports: list[Report] = []
    stopped: Optional[KeyboardInterrupt] = None
    with console.status(wait, spinner="line") if console else nullcontext() as status:
        try:
            for report in grade_all(
                files, claims, jobs=jobs, time_limit=seconds, memory_limit=megabytes
            ):
                reports.append(report)
                if status is not None and len(files) > 1:
                    status.update(f"{len(reports)} of {len(files)} files; {wait}")
        except KeyboardInterrupt as error:
            stopped = error
    if reports or not stopped:
        alone = len(files) == 1 and not os.path.isdir(paths[0])
        _show(reports, skipped, options, alone)
    if stopped:
        left = f"{len(reports)} of {len(files)} files were judged"
        sys.stderr.write(f"tinynn grade: stopped: {left}\n")
        raise stopped
    return 0 if all(report.passed for report in reports) else 1


def _show(
    reports: Sequence[Report], skipped: Sequence[str], options: argparse.Namespace, alone: bool
) -> None:
    """Print one report as it is, and several as a table."""
    if options.json:
        plain = [report.to_json() for report in reports]
        print(json.dumps(plain[0] if alone else plain, indent=2, ensure_ascii=False))
        sys.stderr.writelines(f"tinynn grade: {line}\n" for line in skipped)
        return
    from tinynn.views.grades import Grades, Table

    console = screen_console()
    if not alone:
        show(Table(reports, skipped), console)
    for report in reports:
        if alone or (options.details and not report.passed):
            print(end="" if alone else "\n")
            show(Grades(report), console)


def files_and_claims(
    files: Sequence[str], claims: Optional[Sequence[str]]
) -> tuple[list[str], Optional[list[str]]]:
    """Return both, where files may have come after --claims, which takes all that follows.

    >>> files_and_claims([], ["bp1", "student.py"])
    (['student.py'], ['bp1'])
    """
    late = [each for each in claims or () if each.endswith(".py") or os.path.isdir(each)]
    if not files and not late:
        raise ArgumentError("the following arguments are required: file")
    return [*files, *late], [each for each in claims or () if each not in late] or None


def files_in(paths: Iterable[str], recursive: bool = False) -> tuple[list[str], list[str]]:
    """Return Python files, those of a folder in its place, and lines on what is left out."""
    files: list[str] = []
    skipped: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            files.append(path)
            continue
        before, others, folders = len(files), 0, 0
        for name in sorted(os.listdir(path)):
            inner = os.path.join(path, name)
            if os.path.isdir(inner):
                if recursive and not name.startswith((".", "_")):
                    more, left = files_in([inner], recursive)
                    files += more
                    skipped += left
                else:
                    folders += name != "__pycache__"
            elif name.endswith(".py") and not name.startswith((".", "_", "conftest.")):
                files.append(inner)
            else:
                others += 1
        counts = [f"{others} other files" if others > 1 else "1 other file"] * (others > 0)
        hint = "" if recursive else " (see --recursive)"
        counts += [f"{folders} folders{hint}" if folders > 1 else f"1 folder{hint}"] * (folders > 0)
        if counts:
            folder = os.path.basename(os.path.normpath(path))
            skipped.append(f"skipped in {folder}: {', '.join(counts)}")
        if len(files) == before and not recursive:
            raise DataError(f"{path}: expected a folder with Python files in it, got none")
    if not files and not recursive:
        raise ArgumentError("the following arguments are required: file")
    once: dict[str, str] = {}
    for path in files:
        once.setdefault(os.path.realpath(path), path)
    return [*once.values()], skipped
