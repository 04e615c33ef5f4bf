"""The grader: a student's file is judged in a process of its own, and every claim gets a row."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from difflib import get_close_matches
from math import isfinite
from time import monotonic
from typing import Any, NamedTuple, Optional

import tinynn
from tinynn.errors import (
    ArgumentError,
    DataError,
    TinyNNError,
    describe,
    require_count,
    require_positive,
)
from tinynn.files import cache_folder
from tinynn.teaching.claims import CLAIMS, claim_named
from tinynn.teaching.judging import Claim
from tinynn.teaching.claims import ROLES

TIME_LIMIT = 20.0  # seconds for one claim
MEMORY_LIMIT = 1024  # MB for the process of a file
LEAST_MEMORY = 128  # MB: less is not enough for NumPy and for what judges the file

_START = 120.0  # seconds in which our own part of the child must be ready, on a busy machine
_LONGEST = 1e6  # seconds: more than any timer of the system must be able to wait
_GRACE = 3.0  # seconds that the child has to say itself that time is up
# Nothing is imported while the student's folder may stand first in the path.
_PROGRAM = """
import sys
if sys.path[0] == "":
    del sys.path[0]
import json
sys.path[:] = json.loads(sys.argv.pop(1))
from tinynn.teaching.worker import main
main()
"""
_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class Row(NamedTuple):
    """What came of one claim.

    ``kind`` is empty for a claim that holds. Else it says what is wrong: ``numbers`` (there is a
    counterexample), ``answer`` (no number, or another shape), ``error`` (an exception), ``blank``,
    ``time``, ``memory``, ``output``, ``process`` (the whole process ended), ``missing``,
    ``skipped``, or ``file`` for a file that cannot be loaded at all. ``problem`` says it in words,
    ``line`` and ``code`` where. ``call`` is the call that went wrong, ``calls`` those with their
    answers where there is more to it than one; ``form`` says in what form its arguments came, if
    not as plain lists. ``came`` and ``expected`` are plain numbers, ``gave`` and
    ``wanted`` the same as text; ``mistake`` names the known mistake that ``diagnosis`` explains.
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
    came: Any = None
    expected: Any = None
    gave: str = ""
    wanted: str = ""
    difference: Optional[float] = None
    arithmetic: tuple[str, ...] = ()
    mistake: str = ""
    diagnosis: str = ""

    @property
    def passed(self) -> bool:
        """Whether the claim holds."""
        return not self.kind

    @property
    def sentence(self) -> str:
        """What the claim promises."""
        return CLAIMS[self.claim].sentence if self.claim in CLAIMS else ""

    @property
    def formulas(self) -> list[str]:
        """The equations of the claim, each with its number."""
        return CLAIMS[self.claim].formulas if self.claim in CLAIMS else []


def _json_safe(value: Any) -> Any:
    """Write infinity and NaN, which JSON does not know, as text."""
    if isinstance(value, dict):
        return {name: _json_safe(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_safe(each) for each in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


class Report(NamedTuple):
    """What came of a file: a row for each claim asked for.

    ``not_found`` are the functions that the file does not define, each with a name in the file
    that looks like it, or an empty string. ``other_arguments`` are those that it defines with
    other arguments than a claim needs; they are judged only if a claim is asked for by name.
    """

    file: str
    rows: list[Row]
    not_found: dict[str, str]
    other_arguments: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there was something to judge, and all of it holds."""
        return bool(self.rows) and all(row.passed for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data, for course tooling."""
        rows = []
        for row in self.rows:
            shown = {"claim": row.claim, "function": row.function, "passed": row.passed}
            told = {"sentence": row.sentence, "equations": row.formulas}
            rows.append({**shown, **told, **_json_safe(row._asdict())})
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
    max_examples: int = 100,
) -> Report:
    """Judge a file of plain functions, in a separate process; return a row for every claim.

    ``claims`` are identifiers such as ``"bp2"``; without them, every claim is asked for whose
    function the file defines, with the arguments it needs. ``time_limit`` is in seconds for each
    claim, ``memory_limit`` in MB for the file's process (kept to on Linux only). Raises DataError
    if there is no such file, and ArgumentError for a claim that does not exist.

    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "student.py")
    ...     with open(path, "w") as file:
    ...         length = file.write("def update(v, gradient, eta): return v")
    ...     report = grade(path, ["descent-step"])
    >>> report.passed, [(row.claim, row.kind) for row in report.rows]
    (False, [('descent-step', 'numbers')])
    """
    time_limit = min(require_positive("time limit", time_limit), _LONGEST)
    require_count("memory limit", memory_limit, LEAST_MEMORY)
    require_count("max_examples", max_examples)
    if isinstance(claims, str):
        raise ArgumentError(f"claims: expected a list of identifiers, got {describe(claims)}")
    asked = None if claims is None else [claim_named(name) for name in dict.fromkeys(claims)]
    if not os.path.isfile(path):
        came = "a folder" if os.path.isdir(path) else "no such file"
        raise DataError(f"{path}: expected a Python file, got {came}")
    grading = _Grading(os.path.abspath(path), asked, time_limit, memory_limit, max_examples)
    return grading.report(path)


class _Grading:
    """One file on its way through as many child processes as it breaks."""

    def __init__(
        self,
        path: str,
        asked: Optional[list[Claim]],
        time_limit: float,
        memory_limit: int,
        max_examples: int,
    ) -> None:
        self.path = path
        self.asked = asked
        self.explicit = asked is not None
        self.time_limit = time_limit
        self.memory_limit = memory_limit
        self.max_examples = max_examples
        self.rows: dict[str, Row] = {}
        self.defined: list[str] = []
        self.others: list[str] = []
        self.names: list[str] = []
        self.unloadable: Optional[Row] = None

    def report(self, path: str) -> Report:
        while self.unloadable is None and (self.asked is None or self.remaining()):
            self.run_child()
        if self.unloadable is not None:
            return Report(path, [self.unloadable], {})
        rows = [self.rows[claim.identifier] for claim in self.asked or ()]
        others = () if self.explicit else tuple(self.others)
        return Report(path, rows, self.not_found(), others)

    def remaining(self) -> list[Claim]:
        return [claim for claim in self.asked or () if claim.identifier not in self.rows]

    def not_found(self) -> dict[str, str]:
        missing = [name for name in ROLES if name not in (*self.defined, *self.others)]
        if self.explicit:
            missing = [row.function for row in self.rows.values() if row.kind == "missing"]
        return {name: self.near(name) for name in missing}

    def near(self, name: str) -> str:
        """Return a name in the file that looks like this one."""
        own = [each for each in self.names if each not in ROLES]
        alike = get_close_matches(name.lower(), [each.lower() for each in own], 1, 0.8)
        return next((each for each in own if [each.lower()] == alike), "")

    def run_child(self) -> None:
        """Start a child for what remains, and follow it until it ends or is stopped."""
        remaining = None if self.asked is None else [each.identifier for each in self.remaining()]
        request = [self.path, remaining, self.time_limit, self.memory_limit, self.max_examples]
        child = _Child(request, self.time_limit)
        before = len(self.rows)
        ready = False
        claim: Optional[Claim] = None
        cramped: dict[str, Any] = {}
        try:
            for event in child.events():
                kind = event.pop("event")
                ready = True
                if kind == "unloadable":
                    self.unloadable = self.row_for_file(**event)
                elif kind == "loaded":
                    self.note_functions(**event)
                elif kind == "started":
                    claim = claim_named(event["claim"])
                elif kind == "judged":
                    judged = claim_named(event.pop("claim"))
                    if judged.identifier not in self.rows:
                        self.add(judged, event)
                elif kind == "cramped":
                    cramped = {"kind": "memory", **event}
                elif kind == "diagnosed":
                    name = event.pop("claim")
                    self.rows[name] = self.rows[name]._replace(**event)
        finally:
            child.stop()
        if not ready:
            raise TinyNNError(f"the process that grades did not start: it {child.ending()}")
        if self.unloadable is not None:
            return
        told = cramped or {"kind": "time" if child.late else "process", "problem": child.ending()}
        if claim is not None and claim.identifier not in self.rows:
            self.add(claim, told)
        elif self.asked is None or (self.remaining() and len(self.rows) == before):
            told["problem"] += self.hint_at_memory(child)
            self.unloadable = self.row_for_file(**told)

    def hint_at_memory(self, child: _Child) -> str:
        """Return a question where a library, such as NumPy, may have given up while it loaded."""
        little = child.status == 1 and self.memory_limit < MEMORY_LIMIT
        return f": are {self.memory_limit} MB enough for what it imports?" if little else ""

    def note_functions(self, defined: list[str], others: list[str], names: list[str]) -> None:
        self.defined, self.others, self.names = defined, others, names
        if self.asked is None:
            self.asked = [claim for claim in CLAIMS.values() if claim.role.name in defined]
        for claim in self.asked:
            name = claim.role.name
            if name not in (*defined, *others, *names):
                near = self.near(name)
                hint = f": is {near} meant to be it?" if near else ""
                told = f"the file has no function {claim.role.signature}{hint}"
                self.rows[claim.identifier] = Row(claim.identifier, name, "missing", told)

    def add(self, claim: Claim, fields: dict[str, Any]) -> None:
        for name in ("arithmetic", "calls"):
            fields[name] = tuple(fields.get(name, ()))
        row = Row(claim.identifier, claim.role.name, **fields)
        self.rows[claim.identifier] = row
        if row.kind == "time":
            # what never ends would cost the whole limit again, claim by claim
            for other in self.remaining():
                if other.role.name == row.function:
                    told = f"not tried, since {row.function} ran out of time in {row.claim}"
                    self.rows[other.identifier] = Row(
                        other.identifier, row.function, "skipped", told
                    )

    def row_for_file(self, kind: str, problem: str, **fields: Any) -> Row:
        return Row("the file", "", kind if kind != "error" else "file", problem, **fields)


class _Child:
    """A worker process: its events, its end, and how it is stopped, with all that it started."""

    def __init__(self, request: list[Any], time_limit: float) -> None:
        home = os.path.dirname(os.path.dirname(os.path.abspath(tinynn.__file__)))
        paths = [os.path.abspath(each) for each in sys.path if each]
        notes = os.path.join(cache_folder(), "hypothesis")  # else they go beside the student's file
        self.time_limit = time_limit
        self.late = False
        self.status: Optional[int] = None
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps([*paths, home]), json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **_ENVIRONMENT, "HYPOTHESIS_STORAGE_DIRECTORY": notes},
        )
        self.lines: queue.Queue[Optional[bytes]] = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        """Pass on what comes through the pipe: in a thread, which waits alike on every system."""
        if self.process.stdout is not None:
            for line in self.process.stdout:
                self.lines.put(line)
        self.lines.put(None)

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield events until the pipe is closed, the process ends, or an event is overdue."""
        deadline = monotonic() + _START
        while True:
            try:
                line = self.lines.get(timeout=min(0.1, max(0.0, deadline - monotonic())))
            except queue.Empty:
                if self.process.poll() is None:
                    if monotonic() < deadline:
                        continue
                    self.late = True
                    return
                self.reader.join(1.0)  # what the process wrote last may still be on its way
                if self.lines.empty():
                    return
                continue
            if line is None:
                return
            deadline = monotonic() + self.time_limit + _GRACE
            try:
                event = json.loads(line)
            except ValueError:  # the process ended in the middle of a line
                continue
            yield event

    def stop(self) -> None:
        """End the process and whatever it has started; wait until it is gone."""
        if not self.late:
            with suppress(subprocess.TimeoutExpired):
                self.status = self.process.wait(timeout=1.0)  # the pipe is closed: it is ending
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()
        self.reader.join(1.0)  # it has seen the end of the pipe, unless something escaped
        if self.process.stdout is not None and not self.reader.is_alive():
            self.process.stdout.close()

    def ending(self) -> str:
        """Say how the process ended."""
        if self.late or self.status is None:
            return f"had not finished after {self.time_limit:g} s, and was stopped"
        if self.status >= 0:
            return f"ended the process that it runs in, with status {self.status}"
        name = _signal_name(-self.status)
        hint = _SIGNALS.get(name, "")
        return f"ended the process that it runs in, by signal {name}{hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # those for real-time use have no name
        return str(number)


_SIGNALS = {
    "SIGSEGV": ": did a function call itself too deeply?",
    "SIGKILL": ": was it too much memory for this machine?",
    "SIGXCPU": ": it used up its time",
}
