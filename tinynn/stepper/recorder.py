"""The recorder: it records every line that computes a number, as the real code runs.

The code runs under the standard library's debugger framework, ``bdb``.
"""

from __future__ import annotations

import bdb
import inspect
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple, Optional

from tinynn.errors import ArgumentError, describe
from tinynn.notation import batch_names, equations
from tinynn.stepper.lines import Names
from tinynn.stepper.looking import as_number
from tinynn.stepper.running import Running, Watched, calling, layer_in
from tinynn.stepper.steps import Step

Trace = Callable[[FrameType, str, Any], Any]


class Unrecorded(NamedTuple):
    """A line that computed numbers without a step, and how often it ran."""

    function: str
    file: str
    line_number: int
    source: str
    times: int

    def __str__(self) -> str:
        often = f", {self.times:,} times" if self.times > 1 else ""
        return f"{self.source} (line {self.line_number} of {self.function}{often})"


class Recorder(bdb.Bdb):
    """A debugger that stops at every line of the watched functions, and nowhere else."""

    def __init__(
        self,
        functions: Sequence[Callable[..., object]],
        steps: list[Step],
        most: int,
        on_step: Optional[Callable[[int], object]],
    ) -> None:
        super().__init__()
        self.steps, self.most, self.on_step = steps, most, on_step
        self.watched: dict[CodeType, Watched] = {}
        for entry in equations():
            self._watch(entry.function)
        for function in functions:
            if not isinstance(function, FunctionType):
                given = describe(function)
                raise ArgumentError(f"record: expected functions written with def, got {given}")
            self._watch(function).code()  # a function without readable source raises an error here
        self.running: Optional[Running] = None
        self.base: Optional[FrameType] = None
        self.thread = 0
        self.hook = sys.breakpointhook
        self.previous: Optional[Trace] = None
        self.tracing = self.trace_dispatch  # kept alive, which Python does not do
        self.calls = 0
        self.elsewhere: Counter[CodeType] = Counter()  # the calls in other threads

    def _watch(self, function: Callable[..., object]) -> Watched:
        function = _undecorated(inspect.unwrap(function))  # the function of the source
        watched = self.watched[function.__code__] = Watched(function)
        return watched

    def start(self, base: FrameType) -> None:
        """Begin to trace the calls that the frame ``base`` makes from now on."""
        if self.base is not None:
            raise ArgumentError("recording: expected one that has not begun: use another record()")
        self.steps.clear()
        self.reset()
        self.running, self.base, self.calls = None, base, 0
        self.elsewhere.clear()
        for watched in self.watched.values():
            watched.missed.clear()
        self.previous = sys.gettrace()
        _follow_threads(self)
        self.hook, sys.breakpointhook = sys.breakpointhook, self._breakpoint
        sys.settrace(self.tracing)

    def stop(self) -> None:
        """Stop tracing, and restore the previous trace function."""
        sys.breakpointhook = self.hook
        sys.settrace(self.previous)
        _leave_threads(self)
        self.running = self.base = self.previous = None

    def unrecorded(self) -> list[Unrecorded]:
        """Return the lines that computed numbers without a step, in order."""
        found = []
        for code, watched in self.watched.items():
            missed = sorted(watched.missed.items())
            lines = [(number, watched.code().lines[number].source, n) for number, n in missed]
            if code in self.elsewhere:
                call = f"{watched.name}(…), in another thread"
                lines.append((code.co_firstlineno, call, self.elsewhere[code]))
            found += [Unrecorded(watched.name, code.co_filename, *line) for line in lines]
        return found

    def _breakpoint(self, *arguments: Any, **named: Any) -> Any:
        """Open the debugger at a breakpoint(), and keep recording."""
        if self.hook is not sys.__breakpointhook__ or os.environ.get("PYTHONBREAKPOINT"):
            return self.hook(*arguments, **named)
        from tinynn.stepper.debugging import Debugger  # imported only if used

        debugger = Debugger(self.share)
        debugger.set_trace(sys._getframe(1))
        self.share(debugger.trace_dispatch)
        return None

    def share(self, theirs: Optional[Trace]) -> None:
        """Trace together with another tracer from now on, or alone if it is None."""
        self.previous = theirs
        running = self.running
        while running is not None:
            frame = running.frame
            ours: Trace = self.trace_dispatch
            frame.f_trace = ours if theirs is None else _both(ours, theirs, frame)
            running = running.within
        sys.settrace(self.tracing)

    def trace_dispatch(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Trace a call, and pass it to the previous tracer as well."""
        if event != "call":
            if event != "opcode":
                super().trace_dispatch(frame, event, arg)
            return self.trace_dispatch
        ours = self.dispatch_call(frame, arg)
        if self.previous is None:
            return ours
        theirs = self.previous(frame, event, arg)
        sys.settrace(self.tracing)  # some tracers install themselves when called
        return theirs if ours is None else _both(ours, theirs or _nobody, frame)

    def dispatch_call(self, frame: FrameType, arg: Any) -> Any:
        """Return the tracer of a call: for its lines, for its answer, or None."""
        running = self.running
        direct = running is not None and calling(frame) is running.frame
        if running is not None and not direct and not running.looks_deeper:
            return None  # inside a function that is not recorded
        watched = self.watched.get(frame.f_code)
        if watched is not None and not (direct and running and running.is_detail):
            around, first = self._around(frame), len(self.steps)
            self.running = Running(frame, watched, self.calls, first, *around, running)
            # σ' in BP1 is shown line by line, and σ within it as one number
            self.running.is_detail = direct and watched.is_equation and _of_numbers(frame)
            self.calls += 1
            return self.trace_dispatch
        if running is None or not direct:
            return None
        # your own function may call backprop; of a function of numbers, only the answer counts
        running.looks_deeper = not running.watched.is_equation and not _of_numbers(frame)
        return self._answer if running.line is not None else None

    def stop_here(self, frame: FrameType) -> bool:
        """Return True: stop at every traced line."""
        return True

    def _around(self, frame: FrameType) -> tuple[Optional[int], Optional[int], int]:
        """Return the book's l of a call, its example, and m, from the nearest caller with each."""
        layer: Optional[int] = None
        caller: Optional[FrameType] = frame
        within = self.running
        while caller is not None:
            loops: Names = ()
            if within is not None and caller is within.frame:
                loops, within = within.loops, within.within
            if layer is None:
                layer = layer_in(caller, loops)
            names = batch_names().get(caller.f_code)
            if names is not None:
                examples, number = map(caller.f_locals.get, names)
                return layer, number, len(examples or ())
            caller = None if caller is self.base else caller.f_back
        return layer, None, 1

    def _answer(self, frame: FrameType, event: str, arg: Any) -> Any:
        running = self.running
        if event == "return" and running is not None and calling(frame) is running.frame:
            running.answers.append((frame.f_code, arg))
        return self._answer

    def user_line(self, frame: FrameType) -> None:
        """Finish the line that ran, and begin the next one."""
        running = self.running
        if running is None or frame is not running.frame:
            return
        line = running.line
        if line is not None and line.first <= frame.f_lineno <= line.last:
            return  # still inside a statement of several lines
        self._keep(running.finish(len(self.steps), self.calls))
        running.begin(frame.f_lineno, len(self.steps), self.calls)

    def user_return(self, frame: FrameType, return_value: Any) -> None:
        """Finish the last line of a call, and return to the calling line."""
        running = self.running
        if running is None or frame is not running.frame:
            return
        self._keep(running.finish(len(self.steps), self.calls, return_value))
        self.running = running.within
        caller = running.caller
        if caller is not None:
            caller.answers.append((frame.f_code, return_value))
            if as_number(return_value) is not None:
                self._make_part_of(running, caller.call)

    def _make_part_of(self, running: Running, call: int) -> None:
        """Count a call that returned one number, such as σ(z), as part of its caller's call."""
        for step in self.steps[running.first :]:
            object.__setattr__(step, "call", call)
        if self.calls == running.call + 1:
            self.calls -= 1

    def user_exception(self, frame: FrameType, exc_info: Any) -> None:
        """Drop a line that did not finish."""
        if self.running is not None and frame is self.running.frame:
            self.running.line = None

    def _keep(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if len(self.steps) >= self.most:
                raise ArgumentError(f"recording: expected at most {self.most:,} steps, got more")
            self.steps.append(step)
            if self.on_step is not None:
                self.on_step(len(self.steps))


# A recording covers one thread. In threads that start meanwhile, only the calls are counted.

_ACTIVE: list[Recorder] = []
_BEFORE: list[Any] = []  # the previous trace hook of new threads
_LOCK = threading.Lock()


def _follow_threads(recorder: Recorder) -> None:
    with _LOCK:
        if not _ACTIVE:
            _BEFORE[:] = [threading._trace_hook]  # type: ignore[attr-defined]  # 3.9: no gettrace
            threading.settrace(_elsewhere)
        recorder.thread = threading.get_ident()
        _ACTIVE.append(recorder)


def _leave_threads(recorder: Recorder) -> None:
    with _LOCK:
        _ACTIVE.remove(recorder)
        if not _ACTIVE:
            threading.settrace(_BEFORE[0])


def _elsewhere(frame: FrameType, event: str, arg: Any) -> Any:
    """Count a call of a watched function in another thread."""
    for recorder in list(_ACTIVE):
        if frame.f_code in recorder.watched and recorder.thread != threading.get_ident():
            recorder.elsewhere[frame.f_code] += 1
    before = _BEFORE[0]
    return before(frame, event, arg) if before is not None else None


def _undecorated(function: Callable[..., object]) -> Callable[..., object]:
    """Return the function inside a decorator without ``wraps``, if it is certain.

    The wrapper takes any arguments, and there is only one function that it can call.
    """
    code, cells = function.__code__, function.__closure__ or ()
    inner = [each.cell_contents for each in cells if isinstance(each.cell_contents, FunctionType)]
    takes_any = code.co_flags & inspect.CO_VARARGS and not code.co_argcount
    return _undecorated(inspect.unwrap(inner[0])) if takes_any and len(inner) == 1 else function


def _of_numbers(frame: FrameType) -> bool:
    """Return whether all arguments of a new call are numbers."""
    return all(as_number(value) is not None for value in frame.f_locals.values())


def _both(ours: Trace, theirs: Trace, called: FrameType) -> Trace:
    """Return a trace function for two tracers of a frame; theirs may not trace lines."""
    lines = called.f_trace_lines
    called.f_trace_lines = True

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal theirs, lines
        if lines or event != "line":
            frame.f_trace_lines = lines
            theirs = theirs(frame, event, arg) or theirs  # as Python itself treats a None
            lines, frame.f_trace_lines = frame.f_trace_lines, True
        ours(frame, event, arg)
        return trace

    return trace


def _nobody(frame: FrameType, event: str, arg: Any) -> Any:
    return None
