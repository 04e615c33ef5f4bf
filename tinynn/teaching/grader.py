"""The grader: judge a student's file in a separate process, with a row for every claim."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from importlib.util import decode_source, find_spec
from typing import Any, NamedTuple, Optional

from tinynn.errors import (
    ArgumentError,
    DataError,
    TinyNNError,
    describe,
    require_count,
    require_positive,
)
from tinynn.files import json_safe
from tinynn.teaching.claims import CLAIMS, ROLES, claim_named
from tinynn.teaching.diagnosis import diagnose
from tinynn.teaching.judging import Claim, Counterexample, calls_of
from tinynn.teaching.remote import Child, Remote, Stop
from tinynn.teaching.trouble import BLANK, blank_reached, explain_error
from tinynn.teaching.wording import answers_written, call_written

TIME_LIMIT = 20.0  # seconds for one claim
MEMORY_LIMIT = 1024  # MB for the process of a file
LEAST_MEMORY = 128  # MB: less is not enough for NumPy

_LONGEST = 1e6  # seconds: the longest wait that every system's timers can handle


class Row(NamedTuple):
    """The result for one claim.

    ``kind`` is empty for a claim that is true. Else it is the kind of problem: ``numbers`` (there
    is a counterexample), ``answer`` (not a number, or another shape), ``error`` (an exception),
    ``blank``, ``time``, ``memory``, ``output``, ``process`` (the whole process ended), ``missing``,
    ``skipped``, or ``file`` for a file that cannot be loaded. ``problem`` is the problem in words;
    ``line`` and ``code`` are its place. ``call`` is the call that failed; ``calls`` are all calls
    with their answers, if there were several; ``form`` is the form of the arguments, if they were
    not plain lists. ``got`` and ``expected`` are plain numbers, ``gave`` and ``wanted`` the same as
    text; ``mistake`` names the known mistake that ``diagnosis`` explains.
    """

    claim: str
    function: str
    kind: str = ""
    problem: str = ""
    line: Optional[int] = None
    code: str = ""
    call: str = ""
    calls: tuple[str, ...] = ()
    form: str = ""
    arguments: Optional[dict[str, Any]] = None
    got: Any = None
    expected: Any = None
    gave: str = ""
    wanted: str = ""
    difference: Optional[float] = None
    arithmetic: tuple[str, ...] = ()
    mistake: str = ""
    diagnosis: str = ""

    @property
    def passed(self) -> bool:
        """Whether the claim is true."""
        return not self.kind

    @property
    def sentence(self) -> str:
        """The promise of the claim."""
        return CLAIMS[self.claim].sentence if self.claim in CLAIMS else ""

    @property
    def formulas(self) -> list[str]:
        """The equations of the claim with their numbers."""
        return CLAIMS[self.claim].formulas if self.claim in CLAIMS else []


class Report(NamedTuple):
    """The result for a file: a row for each claim.

    ``not_found`` are the functions that the file does not define, each with a similar name in the
    file, or an empty string. ``other_arguments`` are the functions whose arguments are not those of
    the claims; they are judged only if a claim is requested by name.
    """

    file: str
    rows: list[Row]
    not_found: dict[str, str]
    other_arguments: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there is at least one row, and every claim is true."""
        return bool(self.rows) and all(row.passed for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data, for course tools."""
        rows = []
        for row in self.rows:
            shown = {"claim": row.claim, "function": row.function, "passed": row.passed}
            words = {"sentence": row.sentence, "equations": row.formulas}
            rows.append({**shown, **words, **json_safe(row._asdict())})
        return {
            "file": self.file,
            "passed": self.passed,
            "claims": rows,
            "not_found": list(self.not_found),
            "other_arguments": list(self.other_arguments),
        }


def grade(
    path: str,
    claims: Optional[Sequence[str]] = None,
    *,
    time_limit: float = TIME_LIMIT,
    memory_limit: int = MEMORY_LIMIT,
    max_examples: int = 25,
) -> Report:
    """Return a report on a file of plain functions, which runs in another process.

    ``claims`` are identifiers such as ``"bp2"``; by default all claims about functions that the
    file defines with the expected arguments. ``time_limit`` is in seconds for each claim,
    ``memory_limit`` in MB for the file's process (enforced on Linux only). Raises DataError if
    there is no such file, and ArgumentError for an unknown claim.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "student.py")
    ...     with open(path, "w") as file:
    ...         length = file.write("def update(v, gradient, eta): return v")
    ...     report = grade(path, ["descent-step"])
    >>> report.passed, [(row.claim, row.kind) for row in report.rows]
    (False, [('descent-step', 'numbers')])
    """
    limits = _limits(claims, time_limit, memory_limit, max_examples)
    return _Grading(path, _source(path), limits).report()


def grade_all(
    paths: Sequence[str],
    claims: Optional[Sequence[str]] = None,
    *,
    jobs: int = 1,
    time_limit: float = TIME_LIMIT,
    memory_limit: int = MEMORY_LIMIT,
    max_examples: int = 25,
) -> Iterator[Report]:
    """Yield the reports on files, in order, as ``grade`` returns them; run ``jobs`` at once.

    All files are read before the first one runs.
    """
    limits = _limits(claims, time_limit, memory_limit, max_examples)
    require_count("jobs", jobs)
    sources = [_source(path) for path in paths]
    return _reports(paths, sources, limits, min(jobs, len(paths)))


class _Limits(NamedTuple):
    """The claims to judge, and the limits of time, memory and examples."""

    claims: Optional[list[str]]
    time: float
    memory: int
    max_examples: int


def _limits(
    claims: Optional[Sequence[str]], time_limit: float, memory_limit: int, max_examples: int
) -> _Limits:
    if find_spec("hypothesis") is None:
        raise ImportError("tinynn.teaching needs Hypothesis: pip install hypothesis")
    seconds = min(require_positive("time limit", time_limit), _LONGEST)
    require_count("memory limit", memory_limit, LEAST_MEMORY)
    require_count("max_examples", max_examples)
    if isinstance(claims, str):
        raise ArgumentError(
            f"claims: expected a list of identifiers, such as ['bp2'], got {describe(claims)}"
        )
    names = None
    if claims is not None:
        names = [claim_named(name).identifier for name in dict.fromkeys(claims)]
    return _Limits(names, seconds, memory_limit, max_examples)


def _source(path: str) -> bytes:
    if not os.path.isfile(path):
        given = "a folder" if os.path.isdir(path) else "no such file"
        raise DataError(f"{path}: expected a Python file, got {given}")
    with open(path, "rb") as file:
        return file.read()


def _reports(
    paths: Sequence[str], sources: list[bytes], limits: _Limits, jobs: int
) -> Iterator[Report]:
    one = partial(_report, limits=limits)
    if jobs < 2:
        yield from map(one, paths, sources)
        return
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _at_work)
    try:
        yield from pool.map(one, paths, sources)
    except BrokenExecutor:
        raise TinyNNError("a grading process was killed: try fewer --jobs") from None
    finally:  # on Ctrl-C, do not wait for the files being judged
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)


def _report(path: str, source: bytes, limits: _Limits) -> Report:
    """Return a report in any case, so that one file of a class does not stop the others."""
    try:
        return _Grading(path, source, limits).report()
    except TinyNNError as error:
        return Report(path, [Row("the file", "", "process", str(error))], {})


def _at_work() -> None:
    """Leave Ctrl-C to the parent process, and exit when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


class _Grading:
    """The grading of one file in a child process; a new one starts if the file's code ends it."""

    def __init__(self, path: str, source: bytes, limits: _Limits) -> None:
        self.path = path
        self.source = source
        self.limits = limits
        self.lines: list[str] = []
        with suppress(SyntaxError, UnicodeDecodeError):
            self.lines = decode_source(source).splitlines()
        self.asked: Optional[list[Claim]] = None
        if limits.claims is not None:
            self.asked = [claim_named(name) for name in limits.claims]
        self.rows: dict[str, Row] = {}
        self.defined: dict[str, bool] = {}  # the roles' functions: do they take its arguments?
        self.names: list[str] = []

    def report(self) -> Report:
        while self.asked is None or self.remaining():
            _, time, memory, _ = self.limits
            child = Child(os.path.abspath(self.path), self.source, time, memory)
            try:
                self.note_functions(**child.load())
                for claim in self.remaining():
                    if not child.ended:
                        self.judge(child, claim)
            except (Exception, Stop) as error:
                if not child.ready:
                    raise TinyNNError(f"the grading process did not start: {error}") from None
                return Report(self.path, [self.row_for_file(child, error)], {})
            finally:
                child.stop()
        rows = [self.rows[claim.identifier] for claim in self.asked or ()]
        others = tuple(name for name, fits in self.defined.items() if not fits)
        missing = [name for name in ROLES if name not in self.defined]
        if self.limits.claims is not None:
            others, missing = (), [row.function for row in rows if row.kind == "missing"]
        return Report(self.path, rows, {name: self.near(name) for name in missing}, others)

    def remaining(self) -> list[Claim]:
        return [claim for claim in self.asked or () if claim.identifier not in self.rows]

    def near(self, name: str) -> str:
        """Return a similar name in the file."""
        own = [each for each in self.names if each not in ROLES]
        alike = get_close_matches(name.lower(), [each.lower() for each in own], 1, 0.8)
        return next((each for each in own if [each.lower()] == alike), "")

    def note_functions(self, defined: dict[str, bool], names: list[str], **_: Any) -> None:
        self.defined = {name: bool(defined[name]) for name in ROLES if name in defined}
        self.names = [str(name) for name in names]
        if self.asked is None:
            self.asked = [claim for claim in CLAIMS.values() if self.defined.get(claim.role.name)]
        for claim in self.asked:
            name = claim.role.name
            if name not in (*self.defined, *self.names):
                near = self.near(name)
                hint = f": is {near} misspelt?" if near else ""
                words = f"the file has no function {claim.role.signature}{hint}"
                self.rows[claim.identifier] = Row(claim.identifier, name, "missing", words)

    def judge(self, child: Child, claim: Claim) -> None:
        """Judge one claim, with a diagnosis if it fails."""
        call: Optional[Remote] = None
        fields: dict[str, Any] = {}
        found: Optional[Counterexample] = None
        try:
            with child.limited():
                call = Remote(child, claim.role)
                found = claim.counterexample(call, self.limits.max_examples)
            if found is not None:
                fields = self.explained(claim, found)
        except (Exception, Stop) as error:
            last = call.last if call is not None else claim.role.example.arguments
            fields = {"call": call_written(claim.role, last), **self.problem(error, claim)}
        if call is not None and found is not None and fields["kind"] != "blank":
            # the counterexample is already found: without a diagnosis the row is still complete
            with suppress(Exception, Stop), child.limited():
                diagnosis = diagnose(claim, call, found, lambda _, *given: call.repair(*given))
                if diagnosis is not None:
                    fields.update(self.at(diagnosis.line))
                    fields.update(mistake=diagnosis.mistake, diagnosis=diagnosis.diagnosis)
        row = Row(claim.identifier, claim.role.name, **fields)
        self.rows[claim.identifier] = row
        if row.kind == "time":
            # an endless loop would use the whole limit again for each claim
            for other in self.remaining():
                if other.role.name == row.function:
                    name = other.identifier
                    words = f"not tried, since {row.function} ran out of time in {row.claim}"
                    self.rows[name] = Row(name, row.function, "skipped", words)

    def explained(self, claim: Claim, found: Counterexample) -> dict[str, Any]:
        """Return the fields of a row for a counterexample."""
        call, *_ = calls = calls_of(claim, found)
        gave, wanted = answers_written(claim.role, found.got, found.expected, found.difference)
        same = ("form", "arguments", "got", "expected", "difference", "arithmetic")
        fields = {name: getattr(found, name) for name in same}
        fields.update(kind="numbers", call=call, gave=gave, wanted=wanted)
        if found.calls and not found.raised:
            fields["calls"] = tuple(calls)
        if found.raised is not None:
            fields.update(self.problem(found.raised, claim), got=None, gave="")
        return {**fields, **self.blank(claim)}

    def problem(self, error: BaseException, claim: Optional[Claim] = None) -> dict[str, Any]:
        """Return the fields of a row for an error, in words for a learner."""
        described = getattr(error, "fields", None)
        if described is None:  # the error was raised here: an answer of another shape
            role = claim.role if claim is not None else None
            kind, words = explain_error(error, role, self.limits.memory)
            described = {"kind": kind, "problem": words, "line": None}
        fields = {**described, **self.at(described["line"])}
        return {**fields, **self.blank(claim)} if fields["kind"] in _BLANKS else fields

    def blank(self, claim: Optional[Claim]) -> dict[str, Any]:
        """Return the fields of a row for a blank; none if there is no blank."""
        line = blank_reached("\n".join(self.lines), claim.role.name if claim else "")
        return {} if line is None else {"kind": "blank", "problem": BLANK, **self.at(line)}

    def at(self, line: Optional[int]) -> dict[str, Any]:
        """Return the fields of a row for a line of the file, if the line is known."""
        if line is None or not 0 < line <= len(self.lines):
            return {}
        return {"line": line, "code": self.lines[line - 1].strip()}

    def row_for_file(self, child: Child, error: BaseException) -> Row:
        fields = self.problem(error)
        if child.process.returncode == 1 and self.limits.memory < MEMORY_LIMIT:
            # a library such as NumPy may have failed to load
            fields["problem"] += f": are {self.limits.memory} MB enough for what it imports?"
        if fields["kind"] == "error":
            fields["kind"] = "file"
        return Row("the file", "", **fields)


_BLANKS = ("answer", "blank", "error")  # problems that a blank may cause
