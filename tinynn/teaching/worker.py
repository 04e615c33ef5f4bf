"""The child process: it loads a student's file and calls its functions on request.

A request is a line of JSON on standard input with a number ``n`` and an operation: ``load`` the
file, ``begin`` with the function of a role, ``ask`` it, ``repair`` it. The reply is one line with
the same ``n``: plain numbers, or the description of an ``error``. This process does not know
whether an answer is right: the parent judges.

Standard error is used for input. A byte there means that time is up, and the reply is the current
line of the file; its end means that the parent is gone.
"""

from __future__ import annotations

import importlib.util
import io
import json
import linecache
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from traceback import walk_stack, walk_tb
from types import ModuleType
from typing import Any, Optional

from tinynn.teaching.adapt import Adapted, adapted, in_one_line, plain, rounding_in, takes
from tinynn.teaching.claims import ROLES
from tinynn.teaching.repair import repair
from tinynn.teaching.roles import Role, inputs_of
from tinynn.teaching.trouble import MOST_PRINTED, PrintFlood, explain_error

resource: Any = None
with suppress(ImportError):  # Windows has no such limits: the parent limits the time
    resource = importlib.import_module("resource")

LARGEST_FILE = 2**26  # bytes that student code may write to one file

# Events of the interpreter, and functions of C, that start or stop other programs, or change or
# delete files.
_PROGRAMS = {"exec", "fork", "forkpty", "kill", "killpg", "posix_spawn", "spawn", "startfile"}
_FILES = {"remove", "rename", "rmdir", "truncate"}
_REFUSED = {f"os.{name}" for name in (*_PROGRAMS, *_FILES, "system")}
_REFUSED |= {"pty.spawn", "shutil.rmtree", "subprocess.Popen"}
_SYMBOLS = {*_PROGRAMS, *_FILES, "execve", "popen", "prctl", "system", "unlink", "vfork"}


class Sink(io.TextIOBase):
    """A stream for the prints of student code: it counts and drops them."""

    written = 0

    def writable(self) -> bool:
        """Return True: the stream takes all writes."""
        return True

    def write(self, text: str) -> int:
        """Return the number of characters; raise PrintFlood if there are too many in all."""
        self.written += len(text)
        if self.written > MOST_PRINTED:
            raise PrintFlood
        return len(text)


class Channel:
    """The three pipes to the parent, which student code finds closed."""

    def __init__(self) -> None:
        requests, answers, self.alarm = (os.dup(stream) for stream in range(3))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        self.requests = os.fdopen(requests, encoding="utf-8")
        self.answers = os.fdopen(answers, "w", encoding="utf-8")
        self.process = os.getpid()

    def send(self, n: int, fields: dict[str, Any]) -> None:
        """Write one reply as a line of JSON."""
        if os.getpid() != self.process:  # student code has forked this process
            os._exit(0)
        self.answers.write(json.dumps({"n": n, **fields}, default=repr) + "\n")
        self.answers.flush()

    def watch(self, path: str, main_thread: int) -> None:
        """Wait until time is up or the parent is gone, then end this process.

        If time is up, first send the line of the file ``path`` that the main thread is running.
        """
        late = os.read(self.alarm, 1)
        if late:
            line = None
            for _ in range(100):  # an endless generator's lines do not run all the time
                stack = walk_stack(sys._current_frames().get(main_thread))
                lines = [number for frame, number in stack if frame.f_code.co_filename == path]
                if lines:
                    line = lines[0]
                    break
                time.sleep(0.001)
            self.send(-1, {"line": line})
        os._exit(1)


class Student:
    """A student's file, and the operations on it; each returns a dictionary."""

    def __init__(self, path: str, source: str, memory_limit: int) -> None:
        self.path = path
        self.source = source.encode("latin-1")  # the bytes of the file
        self.memory_limit = memory_limit
        self.module: Optional[ModuleType] = None
        self.role: Optional[Role] = None
        self.call: Optional[Adapted] = None

    def answer(self, op: str, **fields: Any) -> dict[str, Any]:
        """Return the result of an operation, or the description of its error."""
        try:
            result: dict[str, Any] = getattr(self, op)(**fields)
            return result
        except BaseException as error:  # exit() and KeyboardInterrupt too
            return {"error": self.described(error)}

    def load(self) -> dict[str, Any]:
        """Load the file; return the functions and the names that it defines."""
        self.module = module = load(self.path, self.source)
        names = [name for name in vars(module) if callable(getattr(module, name, None))]
        return {"defined": defined(module), "names": names}

    def begin(self, role: str) -> dict[str, Any]:
        """Return the form of the arguments for the function of a role, and its parameters."""
        self.role = ROLES[role]
        self.call = call = adapted(getattr(self.module, role), self.role)
        call.precision = rounding_in(self.source.decode("latin-1"))
        return {"form": call.form, "parameters": call.parameters}

    def ask(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Return the function's answer, and the examples as the function left them."""
        call = self.begun()
        answer = call(**arguments)
        if call.role.returns == "circuit":
            answer = [answer(*bits) for bits in inputs_of(arguments["truth_table"])]
        handed = {
            parameter.name: plain(call.handed[parameter.name])
            for parameter in call.role.parameters
            if parameter.kind == "examples"
        }
        return {"answer": answer, "handed": handed, "rounding": call.rounding}

    def repair(self, **given: Any) -> dict[str, Any]:
        """Return the change that makes the function right, if one is found."""
        return {"repair": repair(self.begun(), **given)}

    def begun(self) -> Adapted:
        """Return the function that the last ``begin`` was about."""
        assert self.call is not None
        return self.call

    def described(self, error: BaseException) -> dict[str, Any]:
        """Return the description of an error, in words for a learner."""
        line = self.line_of(error)
        codes = [frame.f_code for frame, _ in walk_tb(error.__traceback__)]
        inside = codes[-1:] != [Adapted.answer.__code__]
        if isinstance(error, MemoryError):
            inside = line is not None
        kind, words = explain_error(error, self.role, self.memory_limit, inside)
        said = {"kind": kind, "problem": words, "line": line, "name": type(error).__name__}
        given = plain(self.call.given) if self.call else None
        return {**said, "message": in_one_line(error), "given": given}

    def line_of(self, error: BaseException) -> Optional[int]:
        """Return the line of the student's file that raised an error."""
        if isinstance(error, SyntaxError) and error.filename == self.path:
            return error.lineno
        links = walk_tb(error.__traceback__)
        lines = [number for frame, number in links if frame.f_code.co_filename == self.path]
        return lines[-1] if lines else None


def main() -> None:
    """Run the process: answer requests until there are no more."""
    channel = Channel()
    request = json.loads(channel.requests.readline())
    _end_with(request["parent"])
    sys.stdout = sys.stderr = sink = Sink()
    sys.argv[:] = [request["path"]]
    student = Student(request["path"], request["source"], request["memory_limit"])
    watched = (student.path, threading.get_ident())
    threading.Thread(target=channel.watch, args=watched, daemon=True).start()
    _set_limits(student.memory_limit)
    channel.send(0, {})
    for line in channel.requests:
        n, op, seconds, fields = json.loads(line)
        if seconds is not None:  # a new limit of time, and of printing
            sink.written = 0
            _set_processor_limit(seconds)
        channel.send(n, student.answer(op, **fields))
    os._exit(0)  # do not wait for threads and exit functions of student code


def load(path: str, source: bytes) -> ModuleType:
    """Return a file, of which these are the bytes, as a module; it can import from its folder."""
    name = os.path.splitext(os.path.basename(path))[0]
    if not name.isidentifier() or name in sys.modules or name in sys.stdlib_module_names:
        name = "student"
    module = sys.modules[name] = ModuleType(name)
    module.__file__ = path
    sys.path.insert(0, os.path.dirname(path))
    sys.dont_write_bytecode = True
    lines = importlib.util.decode_source(source).splitlines(keepends=True)
    linecache.cache[path] = (len(source), None, lines, path)
    exec(compile(source, path, "exec", dont_inherit=True), vars(module))
    return module


def defined(module: ModuleType) -> dict[str, bool]:
    """Return the names of roles that a file defines, and whether each takes the role's arguments.

    A helper ``cost(w)`` is not the cost of one example. Functions that a file imports from tinynn
    do not count.

    >>> from tinynn import activations
    >>> defined(activations)
    {}
    """
    found = {}
    for name in ROLES:
        function = getattr(module, name, None)
        home = getattr(function, "__module__", None) or ""
        if callable(function) and home.split(".")[0] != "tinynn":
            found[name] = takes(function, len(ROLES[name].parameters))
    return found


def _end_with(parent: int) -> None:
    """Make Linux end this process with its parent, even inside a function of C."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)


def _set_limits(memory_limit: int) -> None:
    sys.addaudithook(_refuse)
    if resource is not None:
        _lower(resource.RLIMIT_DATA, memory_limit * 2**20)
        _lower(resource.RLIMIT_FSIZE, LARGEST_FILE)
        _lower(resource.RLIMIT_CORE, 0)


def _set_processor_limit(seconds: float) -> None:
    """Limit the processor time too, which ends an endless loop in any case."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        most = int(used.ru_utime + used.ru_stime + 2 * seconds) + 10
        _lower(resource.RLIMIT_CPU, most, resource.getrlimit(resource.RLIMIT_CPU)[1])


def _lower(kind: int, most: int, hardest: Optional[int] = None) -> None:
    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(kind, (most, most if hardest is None else hardest))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    refused = event in _REFUSED
    if event == "open":
        path, _, flags = arguments
        refused = bool(flags & (os.O_WRONLY | os.O_RDWR)) and str(path).endswith((".py", ".pyc"))
    elif event.startswith("ctypes.dlsym"):
        refused = arguments[1] in _SYMBOLS
    if refused:
        raise PermissionError(
            "graded code must not start or stop other programs, nor change or delete files"
        )
