"""The recorder: every line that computes a number, written down as the real code runs.

The code runs under the standard library's debugger framework, ``bdb``.
"""

from __future__ import annotations

import bdb
import inspect
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType
from typing import Any, Optional, Union

from tinynn.errors import ArgumentError, describe
from tinynn.notation import Equation, equations
from tinynn.stepper.lines import FormulaLine, FunctionLines, formula_lines
from tinynn.stepper.looking import looked_up
from tinynn.stepper.steps import Step
from tinynn.stepper.writing import Value, is_known, literal, substituted

Trace = Callable[[FrameType, str, Any], Any]

_READING = threading.RLock()  # Python 3.11 counts the depth of a tree for all threads together


@dataclass
class _Watched:
    """A function whose lines are recorded."""

    number: str
    formula: str
    name: str
    numbers: tuple[str, ...]
    function: Callable[..., object]
    lines: Optional[FunctionLines] = None

    @property
    def is_equation(self) -> bool:
        return "equations" in self.function.__dict__

    def code(self) -> FunctionLines:
        if self.lines is None:
            with _READING:
                self.lines = formula_lines(self.function)
        return self.lines


@dataclass
class _Running:
    """A call of a watched function that is under way."""

    frame: FrameType
    watched: _Watched
    call: int
    first: int  # how many steps there were before it
    layer: Optional[int]
    within: Optional[_Running]
    line: Optional[FormulaLine] = None  # the one that is running, and what it has read so far:
    values: list[Value] = field(default_factory=list)
    called: list[Any] = field(default_factory=list)
    answers: list[tuple[CodeType, object]] = field(default_factory=list)
    before: Optional[float] = None
    looks_deeper: bool = False  # into what it has called, which is not recorded itself
    is_detail: bool = False  # of an equation that calls it; what it calls is not recorded

    def index(self, name: str) -> Optional[int]:
        """Return the j or k of the loops that the line is in, or of the line which called it."""
        if self.line is not None and name in self.line.loops:
            value = self.frame.f_locals.get(name)
            return value if isinstance(value, int) else None
        caller = self.caller
        return caller.index(name) if caller else None

    @property
    def caller(self) -> Optional[_Running]:
        """The recorded function that made this call itself, if one did."""
        within = self.within
        return within if within is not None and self.frame.f_back is within.frame else None

    def begin(self, line: Optional[FormulaLine]) -> None:
        """Read the value of every part, before the line changes any of them."""
        self.line = line
        if line is None:
            return
        self.values, self.called, self.answers = [], [], []
        for part in line.parts:
            self.values.append(_number(looked_up(part.node, self.frame)))
            self.called.append(looked_up(part.called, self.frame))
        self.before = _number(looked_up(line.place, self.frame))

    def finish(self, returned: object = None) -> Optional[Step]:
        """Return the step that the line which began was, if it computed a number."""
        line = self.line
        if line is None:
            return None
        self._take_answers()
        result: Union[float, bool, None]
        if line.kind == "if":
            known = is_known(line, self.values)
            test = substituted(line, self.values, (), calls=False)
            result = eval(test) if known else None
        elif line.kind == "return":
            result = _number(returned)
        else:
            result = _number(looked_up(line.place, self.frame))
        step = None if result is None else self._step(line, result)
        self.line = None
        return step

    def _take_answers(self) -> None:
        """Put in what the functions that the line called have returned, in their order."""
        for number, called in enumerate(self.called):
            code = getattr(called, "__code__", None)
            for i, (of, answer) in enumerate(self.answers):
                if of is code:
                    self.values[number] = _number(answer)
                    del self.answers[i]
                    break

    def _step(self, line: FormulaLine, result: Union[float, bool]) -> Step:
        names = [
            part.text if called is None else getattr(called, "__name__", part.text)
            for part, called in zip(line.parts, self.called)
        ]
        if not is_known(line, self.values):
            line = line._replace(expression=literal(result), numbers={})
        return Step(
            number=self.watched.number,
            formula=self.watched.formula,
            function=self.watched.name,
            layer=self.layer,
            j=self.index("j"),
            k=self.index("k"),
            file=self.frame.f_code.co_filename,
            line_number=line.first,
            source=line.source,
            target=line.target,
            result=result,
            before=self.before,
            call=self.call,
            numbers=self.watched.numbers,
            code=self.watched.code(),
            line=line,
            values=tuple(self.values),
            names=tuple(names),
            functions={n: c for n, c in zip(names, self.called) if c is not None},
        )


class Recorder(bdb.Bdb):
    """Stops at every line of the watched functions, and nowhere else."""

    def __init__(
        self,
        functions: Sequence[Callable[..., object]],
        steps: list[Step],
        most: int,
        on_step: Optional[Callable[[int], object]],
    ) -> None:
        super().__init__()
        self.steps, self.most, self.on_step = steps, most, on_step
        self.watched: dict[CodeType, _Watched] = {}
        for entry in equations():
            self._watch(entry.function)
        for function in functions:
            if not isinstance(function, FunctionType):
                came = describe(function)
                raise ArgumentError(f"record: expected functions written with def, got {came}")
            self._watch(function).code()  # what cannot be read is told at once
        self.running: Optional[_Running] = None
        self.base: Optional[FrameType] = None
        self.previous: Optional[Trace] = None
        self.tracing = self.trace_dispatch  # kept, as Python does not while it calls it
        self.calls = 0

    def _watch(self, function: Callable[..., object]) -> _Watched:
        function = inspect.unwrap(function)  # as its source is: what a decorator was put around
        entries: Sequence[Equation] = function.__dict__.get("equations", [])
        summary = (function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        watched = self.watched[function.__code__] = _Watched(
            entries[0].number if entries else function.__name__,
            entries[0].formula if entries else summary,
            function.__name__,
            tuple(entry.number for entry in entries) or (function.__name__,),
            function,
        )
        return watched

    def start(self, base: FrameType) -> None:
        """Begin to trace what the frame ``base`` calls from now on."""
        if self.base is not None:
            raise ArgumentError("recording: this one has begun already: record() gives another")
        self.steps.clear()
        self.reset()
        self.running, self.base, self.calls = None, base, 0
        self.previous = sys.gettrace()
        sys.settrace(self.tracing)

    def stop(self) -> None:
        """Put the trace function that was there before in its place again."""
        sys.settrace(self.previous)
        self.running = self.base = self.previous = None

    def trace_dispatch(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Trace a call, and let whoever traced before us see it as well."""
        if event != "call":
            if event != "opcode":
                super().trace_dispatch(frame, event, arg)
            return self.trace_dispatch
        ours = self.dispatch_call(frame, arg)
        if self.previous is None:
            return ours
        theirs = self.previous(frame, event, arg)
        sys.settrace(self.tracing)  # some tracers put themselves in place when called
        return theirs if ours is None else _both(ours, theirs or _nobody, frame)

    def dispatch_call(self, frame: FrameType, arg: Any) -> Any:
        """Decide how a call is traced: line by line, for its answer, or not at all."""
        running = self.running
        direct = running is not None and frame.f_back is running.frame
        if running is not None and not direct and not running.looks_deeper:
            return None  # inside a function that is not recorded
        watched = self.watched.get(frame.f_code)
        if watched is not None and not (direct and running and running.is_detail):
            layer, first = self._layer(frame), len(self.steps)
            self.running = _Running(frame, watched, self.calls, first, layer, running)
            # σ' in BP1 is shown line by line, and σ within it as one number
            self.running.is_detail = direct and watched.is_equation and _of_numbers(frame)
            self.calls += 1
            return self.trace_dispatch
        if running is None or not direct:
            return None
        # your own function may call backprop; a function of numbers, such as σ, only answers
        running.looks_deeper = not running.watched.is_equation and not _of_numbers(frame)
        return self._answer if running.line is not None else None

    def stop_here(self, frame: FrameType) -> bool:
        """Stop at every line of what is traced at all."""
        return True

    def _layer(self, frame: FrameType) -> Optional[int]:
        """Return the book's l, as the nearest caller has it; L where only that is known yet."""
        caller: Optional[FrameType] = frame
        while caller is not None:
            names = caller.f_locals if caller.f_code.co_name != "<module>" else {}
            for name in ("l", "L"):
                value = names.get(name)
                if isinstance(value, int):
                    return value
            caller = None if caller is self.base else caller.f_back
        return None

    def _answer(self, frame: FrameType, event: str, arg: Any) -> Any:
        running = self.running
        if event == "return" and running is not None and frame.f_back is running.frame:
            running.answers.append((frame.f_code, arg))
        return self._answer

    def user_line(self, frame: FrameType) -> None:
        """Finish the line that ran, and begin the next."""
        running = self.running
        if running is None or frame is not running.frame:
            return
        line = running.line
        if line is not None and line.first <= frame.f_lineno <= line.last:
            return  # still inside a statement of several lines
        self._keep(running.finish())
        running.begin(running.watched.code().lines.get(frame.f_lineno))

    def user_return(self, frame: FrameType, return_value: Any) -> None:
        """Finish the last line of a call, and go back to the line that called."""
        running = self.running
        if running is None or frame is not running.frame:
            return
        self._keep(running.finish(return_value))
        self.running = running.within
        caller = running.caller
        if caller is not None:
            caller.answers.append((frame.f_code, return_value))
            if _number(return_value) is not None:
                self._make_part_of(running, caller.call)

    def _make_part_of(self, running: _Running, call: int) -> None:
        """Count a call that answered with one number, such as σ(z), as part of its caller's."""
        for step in self.steps[running.first :]:
            object.__setattr__(step, "call", call)
        if self.calls == running.call + 1:
            self.calls -= 1

    def user_exception(self, frame: FrameType, exc_info: Any) -> None:
        """Forget a line that did not come to its end."""
        if self.running is not None and frame is self.running.frame:
            self.running.line = None

    def _keep(self, step: Optional[Step]) -> None:
        if step is None:
            return
        if len(self.steps) >= self.most:
            raise ArgumentError(f"recording: expected at most {self.most:,} steps, got more")
        self.steps.append(step)
        if self.on_step is not None:
            self.on_step(len(self.steps))


def _of_numbers(frame: FrameType) -> bool:
    """Whether a call that has just begun was given numbers alone."""
    return all(_number(value) is not None for value in frame.f_locals.values())


def _number(value: object) -> Optional[float]:
    """Return the value, if it is a number: a copy, as numbers do not change."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if type(value) is int else float(value)


def _both(ours: Trace, theirs: Trace, called: FrameType) -> Trace:
    """Return a trace function for a frame that two parties watch, one of them perhaps no lines."""
    lines = called.f_trace_lines
    called.f_trace_lines = True

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal theirs, lines
        if lines or event != "line":
            frame.f_trace_lines = lines
            theirs = theirs(frame, event, arg) or theirs  # as Python itself takes a None
            lines, frame.f_trace_lines = frame.f_trace_lines, True
        ours(frame, event, arg)
        return trace

    return trace


def _nobody(frame: FrameType, event: str, arg: Any) -> Any:
    return None
