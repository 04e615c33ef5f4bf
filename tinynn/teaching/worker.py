"""The child process: it loads a student's file, tries the claims, and tells its parent by a pipe.

Whatever the file does, prints, breaks or never finishes stays in this process. What the child has
to say goes through a pipe of its own, one line of JSON an event, in this order: ``ready``, then
``loaded`` (with the functions found) or ``unloadable``, then for every claim ``started``,
``judged`` and, where it failed, ``diagnosed``; or ``cramped``, where it cannot go on itself.

This keeps accidents away from the grader and from the machine; it is no prison for a program that
wants to break out.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import io
import json
import linecache
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import update_wrapper
from types import FrameType, ModuleType, TracebackType
from typing import Any, NamedTuple, Optional

from tinynn.teaching.adapt import Adapted, adapted, plain, takes
from tinynn.teaching.claims import CLAIMS, claim_named
from tinynn.teaching.diagnosis import diagnose
from tinynn.teaching.judging import Claim, Counterexample, calls_of
from tinynn.teaching.claims import ROLES
from tinynn.teaching.roles import Role
from tinynn.teaching.trouble import (
    BLANK,
    MOST_PRINTED,
    OutOfMemory,
    PrintFlood,
    blank_reached,
    cramped,
    explain_error,
)
from tinynn.teaching.wording import answers_written, call_written

LARGEST_FILE = 2**26  # bytes that student code may write to one file

# Events of the interpreter that would leave something running behind, or stop what is not theirs.
_REFUSED = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.killpg",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.spawn",
    "subprocess.Popen",
}


class Request(NamedTuple):
    """What the parent asks for. No ``claims`` means all whose function the file defines."""

    path: str
    claims: Optional[list[str]]
    time_limit: float
    memory_limit: int
    max_examples: int


class Sink(io.TextIOBase):
    """Where the prints of student code go: they are counted, and dropped."""

    written = 0

    def writable(self) -> bool:
        """Say yes: it takes whatever is written."""
        return True

    def write(self, text: str) -> int:
        """Count the characters, and raise PrintFlood when they are too many."""
        self.written += len(text)
        if self.written > MOST_PRINTED:
            raise PrintFlood
        return len(text)


class Channel:
    """The pipe to the parent: the standard output this process was born with, now ours alone."""

    def __init__(self) -> None:
        self.file = os.fdopen(os.dup(1), "w", encoding="utf-8")
        self.lock = threading.Lock()
        self.process = os.getpid()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)

    def send(self, event: str, **fields: Any) -> None:
        """Send one event, as a line of JSON."""
        if os.getpid() != self.process:  # a copy of this process that student code made
            os._exit(0)
        with self.lock:
            self.file.write(json.dumps({"event": event, **fields}, default=repr) + "\n")
            self.file.flush()


def main() -> None:
    """Do what the request in the first argument asks for."""
    request = Request(*json.loads(sys.argv[1]))
    channel = Channel()
    sys.stdout = sys.stderr = sink = Sink()
    sys.argv[:] = [request.path]
    channel.send("ready")
    _set_limits(request.memory_limit)
    try:
        work(request, channel, sink)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "new thread" not in str(error):
            raise
        channel.send("cramped", problem=cramped(request.memory_limit))
    os._exit(0)  # threads and exit functions that student code leaves behind are not waited for


def work(request: Request, channel: Channel, sink: Sink) -> None:
    """Load the file, find its functions, and judge them; send what comes of it as it comes."""
    watch = _Watch(channel, request)
    with watch.limited():
        module = watch.load()
    if module is None:
        return
    found = defined(module)
    fitting = [name for name, fits in found.items() if fits]
    others = [name for name, fits in found.items() if not fits]
    near = [name for name in vars(module) if callable(getattr(module, name, None))]
    channel.send("loaded", defined=fitting, others=others, names=near)
    if request.claims is None:
        asked = [claim for claim in CLAIMS.values() if claim.role.name in fitting]
    else:
        asked = [claim_named(identifier) for identifier in request.claims]
    for claim in asked:
        function = getattr(module, claim.role.name, None)
        if callable(function):
            sink.written = 0
            channel.send("started", claim=claim.identifier)
            with watch.limited(claim):
                watch.judge(claim, function)


def defined(module: ModuleType) -> dict[str, bool]:
    """Return the names of roles that a file defines, each with whether it takes their arguments.

    A helper that is called ``cost(w)`` is no cost of one example. What a file imports from tinynn
    is not its own.

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


class _Watch:
    """Runs student code, knows what it is doing, and turns whatever comes of it into an event."""

    def __init__(self, channel: Channel, request: Request) -> None:
        self.channel = channel
        self.request = request
        self.path = os.path.abspath(request.path)
        self.last_call: Optional[tuple[Role, list[Any]]] = None
        self.judged = False
        self.main_thread = threading.get_ident()

    def limited(self, claim: Optional[Claim] = None) -> _Limited:
        self.last_call = None
        self.judged = False
        return _Limited(self, claim)

    @property
    def call(self) -> str:
        """How the student's function was called last, as it would be typed."""
        if self.last_call is None:
            return ""
        role, arguments = self.last_call
        names = [parameter.name for parameter in role.parameters]
        return call_written(role, dict(zip(names, arguments)))

    def load(self) -> Optional[ModuleType]:
        try:
            return load(self.path)
        except BaseException as error:  # exit() and KeyboardInterrupt too
            self.channel.send("unloadable", **self.problem(error, None))
            return None

    def judge(self, claim: Claim, function: Callable[..., Any]) -> None:
        """Try one claim; send what came of it, then what it looks like."""
        call: Optional[Adapted] = None
        found: Optional[Counterexample] = None
        try:
            call = adapted(_Watched(self, function, claim.role), claim.role)
            found = claim.counterexample(call, self.request.max_examples)
            fields = {} if found is None else self.explained(claim, found)
        except BaseException as error:
            fields = self.problem(error, claim.role)
        self.channel.send("judged", claim=claim.identifier, **fields)
        self.judged = True
        if call is None or found is None or fields["kind"] == "blank":
            return
        try:
            diagnosis = diagnose(claim, call, found)
        except BaseException:  # a diagnosis is a present: what broke has been said
            diagnosis = None
        if diagnosis is not None:
            self.channel.send("diagnosed", claim=claim.identifier, **diagnosis._asdict())

    def explained(self, claim: Claim, found: Counterexample) -> dict[str, Any]:
        """Return the fields of a row for a counterexample."""
        call, *_ = calls_of(claim, found)
        gave, wanted = answers_written(claim.role, found.came, found.expected, found.difference)
        fields: dict[str, Any] = {
            "kind": "numbers",
            "call": call,
            "calls": [] if found.raised else calls_of(claim, found) if found.calls else [],
            "form": found.form,
            "arguments": found.arguments,
            "came": found.came,
            "expected": found.expected,
            "gave": gave,
            "wanted": wanted,
            "difference": found.difference,
            "arithmetic": list(found.arithmetic),
        }
        if found.raised is not None:
            fields.update(self.problem(found.raised, claim.role), call=call, came=None, gave="")
        return {**fields, **self.blank(claim.role)}

    def problem(self, error: BaseException, role: Optional[Role]) -> dict[str, Any]:
        """Return the fields of a row for an error, in words that a learner can use."""
        line = self.line_of(error)
        fields = {"kind": "error", "call": self.call, "line": line, "code": self.code(line)}
        *_, last = [None, *_links(error.__traceback__)]
        entered = last is None or last.tb_frame.f_code is not _Watched.__call__.__code__
        if isinstance(error, MemoryError) and line is not None:
            error = OutOfMemory()
        kind, words = explain_error(error, role, self.request.memory_limit, entered)
        fields = {**fields, "kind": kind, "problem": words}
        return {**fields, **self.blank(role)} if kind in ("blank", "error", "answer") else fields

    def blank(self, role: Optional[Role]) -> dict[str, Any]:
        """Return the fields of a row where a blank is still to be filled in; none where not."""
        source = "".join(linecache.getlines(self.path))
        line = blank_reached(source, role.name if role else "")
        if line is None:
            return {}
        return {"kind": "blank", "problem": BLANK, "line": line, "code": self.code(line)}

    def line_of(self, error: BaseException) -> Optional[int]:
        """Return the line of the student's file in which an error arose."""
        if isinstance(error, SyntaxError) and error.filename == self.path:
            return error.lineno
        lines = [tb.tb_lineno for tb in _links(error.__traceback__) if self.is_own(tb.tb_frame)]
        return lines[-1] if lines else None

    def line_now(self) -> Optional[int]:
        """Return the line of the student's file in which the main thread is at this moment."""
        frame: Optional[FrameType] = sys._current_frames().get(self.main_thread)
        while frame is not None:
            if self.is_own(frame):
                return frame.f_lineno
            frame = frame.f_back
        return None

    def is_own(self, frame: FrameType) -> bool:
        return frame.f_code.co_filename == self.path

    def code(self, line: Optional[int]) -> str:
        return linecache.getline(self.path, line).strip() if line else ""


class _Watched:
    """A student's function, which leaves word of how it is called."""

    def __init__(self, watch: _Watch, function: Callable[..., Any], role: Role) -> None:
        update_wrapper(self, function)
        self.__globals__ = getattr(function, "__globals__", {})  # whether it speaks NumPy
        self.watch = watch
        self.function = function
        self.role = role

    def __call__(self, *arguments: Any) -> Any:
        self.watch.last_call = (self.role, [plain(each) for each in arguments])
        try:
            return self.function(*arguments)
        except MemoryError as error:
            raise OutOfMemory().with_traceback(error.__traceback__) from None


class _Limited:
    """A span of student code that is stopped, with the line it was in, when time is up."""

    def __init__(self, watch: _Watch, claim: Optional[Claim]) -> None:
        self.watch = watch
        self.claim = claim
        self.timer = threading.Timer(watch.request.time_limit, self.expire)
        self.timer.daemon = True

    def __enter__(self) -> None:
        _set_processor_limit(self.watch.request.time_limit)
        self.timer.start()

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()

    def expire(self) -> None:
        watch = self.watch
        if not watch.judged:
            line = watch.line_now()
            limit = f"{watch.request.time_limit:g} s"
            fields = {"kind": "time", "line": line, "code": watch.code(line)}
            if self.claim is None:
                told = f"was still being loaded after {limit}: is there a loop without an end?"
                watch.channel.send("unloadable", problem=told, call="", **fields)
            else:
                told = f"had not finished after {limit}: is there a loop without an end?"
                name = self.claim.identifier
                watch.channel.send("judged", claim=name, problem=told, call=watch.call, **fields)
        os._exit(0)


def load(path: str) -> ModuleType:
    """Load a file as a module; files that stand beside it can be imported by it."""
    name = os.path.splitext(os.path.basename(path))[0]
    if not name.isidentifier() or name in sys.modules or name in sys.stdlib_module_names:
        name = "student"
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.util.spec_from_loader(name, loader)
    if spec is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, os.path.dirname(path))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


def _links(traceback: Optional[TracebackType]) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _set_limits(memory_limit: int) -> None:
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:  # Windows knows no such limits: time is limited by the parent
        return
    for kind, most in (
        (resource.RLIMIT_DATA, memory_limit * 2**20),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, most)


def _set_processor_limit(seconds: float) -> None:
    """Limit the processor time too: an endless loop ends even if the parent is gone."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + 2 * seconds) + 10
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


def _lower(kind: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or most < hard:
        resource.setrlimit(kind, (most, most))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError("code that is graded may not start or stop other programs")


if __name__ == "__main__":
    main()
