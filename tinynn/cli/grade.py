"""``tinynn grade``: students' files, held against the claims of the book."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Optional

from tinynn.cli import options
from tinynn.cli.command import Command, argument, option
from tinynn.cli.common import waiting
from tinynn.errors import ArgumentError, DataError, require_count
from tinynn.files import cache_folder

if TYPE_CHECKING:
    from tinynn.teaching.grader import Report

_SHARE = 4  # files that make it worth while to start one more process


@dataclass
class Grade(Command):
    """Judge files of your own functions by the claims of the book.

    Judge the functions of Python files by the claims of the book. Each claim is judged whose
    function a file defines; `tinynn claims` lists them. A file runs in a process by itself, which
    answers calls, is stopped at the limits and ends with the grader; what it prints is not shown.
    Whether its answers are right is decided outside of it. That keeps off accidents and forged
    verdicts, but it is not a safe: the file can read what you can read, and write new files.

    example: tinynn grade student.py --claims bp1 bp2

    files FILE         Python files, or folders of them
    --claims CLAIM     judge these, such as bp1 bp2
    --recursive        judge the folders in a folder too
    --details          of several files too, explain what fails
    --json             write the report as JSON; a list of several
    --jobs             files judged at once (default: one a core, for every {_SHARE} files)
    --time-limit S     seconds for each claim (default 20)
    --memory-limit MB  MB of memory for a file's process (default 1024; kept to on Linux only)
    """

    files: list[str] = argument(nargs="*")
    claims: Optional[list[str]] = None
    recursive: bool = False
    details: bool = False
    json: bool = False
    jobs: Optional[int] = option(check=options.count())
    time_limit: Optional[float] = option(check=options.positive)
    memory_limit: Optional[int] = None

    def run(self) -> int:
        """Print the reports. Return 0 if all requested claims hold, else 1."""
        # what Hypothesis notes is not to lie in the folder of the students' files
        notes = os.path.join(cache_folder(), "hypothesis")
        os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", notes)
        if find_spec("hypothesis") is None:
            raise ArgumentError("tinynn.teaching needs Hypothesis: pip install hypothesis")
        from tinynn.teaching.grader import LEAST_MEMORY, MEMORY_LIMIT, TIME_LIMIT, grade_all

        seconds = self.time_limit or TIME_LIMIT
        megabytes = MEMORY_LIMIT if self.memory_limit is None else self.memory_limit
        require_count("--memory-limit", megabytes, LEAST_MEMORY)
        paths, claims = files_and_claims(self.files, self.claims)
        files, skipped = files_in(paths, self.recursive)
        jobs = self.jobs or min(os.cpu_count() or 1, max(1, len(files) // _SHARE))
        reports_to_come = grade_all(
            files, claims, jobs=jobs, time_limit=seconds, memory_limit=megabytes
        )
        wait = f"judging; a claim takes {seconds:g} s at most"
        reports: list[Report] = []
        stopped: Optional[KeyboardInterrupt] = None
        with waiting(self.console(), wait) as status:
            try:
                for report in reports_to_come:
                    reports.append(report)
                    if status is not None and len(files) > 1:
                        status.update(f"{len(reports)} of {len(files)} files; {wait}")
            except KeyboardInterrupt as error:
                stopped = error
        if reports or not stopped:
            self._show(reports, skipped, alone=len(files) == 1 and not os.path.isdir(paths[0]))
        if stopped:
            left = f"{len(reports)} of {len(files)} files were judged"
            sys.stderr.write(f"tinynn grade: stopped: {left}\n")
            raise stopped
        return 0 if all(report.passed for report in reports) else 1

    def _show(self, reports: Sequence[Report], skipped: Sequence[str], alone: bool) -> None:
        """Print one report as it is, and several as a table."""
        if self.json:
            plain = [report.to_json() for report in reports]
            print(json.dumps(plain[0] if alone else plain, indent=2, ensure_ascii=False))
            sys.stderr.writelines(f"tinynn grade: {line}\n" for line in skipped)
            return
        from tinynn.views.grades import Grades, Table

        console = self.console()
        if not alone:
            self.show(Table(reports, skipped), console)
        for report in reports:
            if alone or (self.details and not report.passed):
                print(end="" if alone else "\n")
                self.show(Grades(report), console)


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
        found = list(_files_below(path, recursive, skipped))
        if not found and not recursive:
            raise DataError(f"{path}: expected a folder with Python files in it, got none")
        files += found
    once: dict[str, str] = {}
    for path in files:
        once.setdefault(os.path.realpath(path), path)
    return [*once.values()], skipped


def _files_below(folder: str, recursive: bool, skipped: list[str]) -> Iterator[str]:
    """Yield the Python files of a folder; add a line to ``skipped`` on what is left out."""
    others, folders = 0, 0
    for name in sorted(os.listdir(folder)):
        inner, hidden = os.path.join(folder, name), name.startswith((".", "_"))
        if os.path.isdir(inner):
            if recursive and not hidden:
                yield from _files_below(inner, recursive, skipped)
            else:
                folders += name != "__pycache__"
        elif name.endswith(".py") and not hidden and not name.startswith("conftest."):
            yield inner
        else:
            others += 1
    counts = [f"{others} other file{'s'[: others > 1]}"] if others else []
    if folders:
        hint = "" if recursive else " (see --recursive)"
        counts.append(f"{folders} folder{'s'[: folders > 1]}{hint}")
    if counts:
        name = os.path.basename(os.path.normpath(folder))
        skipped.append(f"skipped in {name}: {', '.join(counts)}")
