"""A student's function in another process: it is called there, and judged here.

Only the answers of that process count: numbers, which are read and checked again here.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Optional

import tinynn
from tinynn.teaching.adapt import READERS, ROUNDING, Adapted, AnswerError
from tinynn.teaching.repair import Repair
from tinynn.teaching.roles import Role, inputs_of

LONGEST_ANSWER = 2**22  # characters
KINDS = ("answer", "blank", "error", "memory", "output")  # of errors that a child may describe

_START = 120.0  # seconds for the child to start, before the student's code, on a busy machine
_GRACE = 1.0  # seconds for the child to report its line, or to exit
# Nothing is imported while the student's folder may be first in the path.
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
_SIGNALS = {
    "SIGSEGV": ": did a function call itself too deeply?",
    "SIGKILL": ": was it too much memory for this machine?",
    "SIGXCPU": ": it ran out of time",
}


class Stop(BaseException):
    """The immediate end of a claim, which Hypothesis does not catch, with the fields of a Row."""

    def __init__(self, kind: str, problem: str, line: Optional[int] = None) -> None:
        super().__init__(problem)
        self.fields = {"kind": kind, "problem": problem, "line": line}


class StudentError(Exception):
    """An error of the student's code, as the child described it."""


class Child:
    """A process that runs a student's file: requests to it, replies, and its end."""

    def __init__(self, path: str, source: bytes, time_limit: float, memory_limit: int) -> None:
        home = os.path.dirname(os.path.dirname(os.path.abspath(tinynn.__file__)))
        paths = [os.path.abspath(each) for each in sys.path if each]
        self.time_limit = time_limit
        self.seconds: Optional[float] = None
        self.late = self.ended = self.ready = False
        self.n = 0
        self.doing = "was still being loaded"
        alarm, ours = os.pipe()
        self.alarm = os.fdopen(ours, "wb", buffering=0)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps([*paths, home])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=alarm,
            start_new_session=True,
            env={**os.environ, **_ENVIRONMENT},
        )
        os.close(alarm)
        self.requests: Any = self.process.stdin
        self.replies: Any = self.process.stdout
        request = {"path": path, "source": source.decode("latin-1"), "memory_limit": memory_limit}
        self.write({**request, "parent": os.getpid()})

    def load(self) -> dict[str, Any]:
        """Load the file, once the process is ready; return the reply."""
        with self.limited(_START):
            self.read()
        self.ready = True
        with self.limited():
            reply = self.ask("load")
        self.doing = "had not finished"
        return reply

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Return the reply to a request; raise Stop without a reply, or the reported error."""
        self.n += 1
        self.write([self.n, op, self.seconds, fields])
        self.seconds = None
        reply = self.read()
        if isinstance(reply.get("error"), dict):
            raise _error(reply["error"])
        return reply

    def write(self, request: Any) -> None:
        """Write a request; if the process is gone, reading the reply will report it."""
        with suppress(OSError, ValueError):
            self.requests.write(json.dumps(request).encode() + b"\n")
            self.requests.flush()

    def read(self) -> dict[str, Any]:
        """Return the reply to the last request; raise Stop if the next line is something else."""
        line = self.replies.readline(LONGEST_ANSWER)
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):  # incomplete, or written by student code
            reply = None
        if isinstance(reply, dict) and reply.get("n") == self.n:
            return reply
        if not line:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_GRACE)
        self.stop()
        limit = f"{self.doing} after {self.time_limit:g} s"
        if self.late and isinstance(reply, dict) and reply.get("n") == -1:
            words = f"{limit}: is there an endless loop?"
            raise Stop("time", words, _line(reply.get("line")))
        if self.late:
            raise Stop("time", f"{limit}, and was stopped")
        if len(line) == LONGEST_ANSWER:
            raise Stop("output", f"returned an answer of more than {LONGEST_ANSWER:,} characters")
        if line:
            raise Stop("process", "wrote into the pipe for its answers")
        raise Stop("process", f"ended its process, {self.ending()}")

    @contextmanager
    def limited(self, seconds: Optional[float] = None) -> Iterator[None]:
        """Limit the time of the block: stop the process if it is not done by then."""
        self.seconds = seconds or self.time_limit
        timer = threading.Timer(self.seconds, self.expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            if self.late:  # even if the answer arrived at the last moment
                self.stop()

    def expire(self) -> None:
        """Ask the process for its line, which it may be unable to report, and end it."""
        self.late = True
        with suppress(OSError, ValueError):
            self.alarm.write(b"!")
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_GRACE)
        self.kill()

    def stop(self) -> None:
        """End the process and its children, and wait until they are gone."""
        if not self.ended:
            self.ended = True
            self.kill()
            self.process.wait()
            for pipe in (self.requests, self.replies, self.alarm):
                with suppress(OSError):  # an unread request
                    pipe.close()

    def kill(self) -> None:
        """Kill the process and its children."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()

    def ending(self) -> str:
        """Return how the process ended, in words."""
        status = self.process.returncode
        if status >= 0:
            return f"with status {status}"
        name = str(-status)
        with suppress(ValueError):  # signals for real-time use have no name
            name = signal.Signals(-status).name
        return f"by signal {name}{_SIGNALS.get(name, '')}"


class Remote(Adapted):
    """A function in a child process, called like a function of this one."""

    def __init__(self, child: Child, role: Role) -> None:
        super().__init__(_elsewhere, role, "lists")
        self.child = child
        self.last = role.example.arguments
        reply = child.ask("begin", role=role.name)
        self.form = str(reply.get("form"))
        self.parameters = [str(name) for name in reply.get("parameters", ())]

    def answer(self) -> Any:
        """Return the function's answer to its ``last`` arguments, read again here."""
        try:
            reply = self.child.ask("ask", arguments=self.last)
        except AnswerError as error:
            self.given = error.__dict__["given"]
            raise
        self.given = reply.get("answer")
        self.handed = reply.get("handed", {})
        known = reply.get("rounding") in ROUNDING.values()
        self.rounding = reply["rounding"] if known else 0.0
        if self.role.returns == "circuit":
            answers = dict(zip(inputs_of(**self.last), READERS["vector"](self.given)))
            return lambda *bits: answers[bits]
        return READERS[self.role.returns](self.given)

    def repair(
        self, trials: list[dict[str, Any]], right: list[Any], seconds: float
    ) -> Optional[Repair]:
        """Return the change that makes the function right in all trials, or None."""
        found = self.child.ask("repair", trials=trials, right=right, seconds=seconds).get("repair")
        return Repair(int(found[0]), str(found[1])) if found else None


def _elsewhere(*arguments: Any) -> Any:
    raise NotImplementedError("the function is in another process")


def _line(number: Any) -> Optional[int]:
    return number if isinstance(number, int) else None


def _error(described: dict[str, Any]) -> BaseException:
    """Return an error that the child described, to raise here.

    >>> _error({"name": "ZeroDivisionError", "message": "ZeroDivisionError: division by zero"})
    StudentError('ZeroDivisionError: division by zero')
    """
    kind, words = str(described.get("kind")), str(described.get("problem"))[:400]
    message = str(described.get("message"))[:400]
    words = words or "ended without an answer"
    kind, line = kind if kind in KINDS else "error", _line(described.get("line"))
    if kind in ("memory", "output"):
        return Stop(kind, words, line)
    error = _ERRORS.get(str(described.get("name")), StudentError)(message)
    error.__dict__["fields"] = {"kind": kind, "problem": words, "line": line}
    error.__dict__["given"] = described.get("given")
    return error


# The errors that a diagnosis distinguishes.
_ERRORS: dict[str, type[Exception]] = {"AnswerError": AnswerError, "OverflowError": OverflowError}
