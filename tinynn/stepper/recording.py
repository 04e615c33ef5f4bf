"""The recorder: every line that computes a number, written down as the real code runs.

The code runs under the standard library's debugger framework, ``bdb``.
"""

from __future__ import annotations

import ast
import bdb
import inspect
import math
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType
from typing import Any, Optional, Union, overload

from tinynn.errors import ArgumentError, describe, require_count
from tinynn.notation import Equation, equations
from tinynn.stepper.lines import FormulaLine, FunctionLines, formula_lines
from tinynn.stepper.writing import Value, by_hand, is_known, latex, literal, substituted

Trace = Callable[[FrameType, str, Any], Any]


@dataclass(frozen=True)
class Step:
    """One line of the real code, as it ran: its equation, its place, and its numbers.

    ``number`` and ``formula`` are the equation's; ``layer`` is the book's l, ``j`` and ``k`` are
    the loop's own indices, counted from 0 as Python does. ``result`` is what the line computed;
    ``before`` and ``after`` are its target's value before and after. ``call`` counts the calls of
    recorded functions, so that the lines of one call can be told from those of the next; a
    function of it that answers with one number, such as σ, belongs to it.
    """

    number: str
    formula: str
    function: str
    layer: Optional[int]
    j: Optional[int]
    k: Optional[int]
    file: str
    line_number: int
    source: str
    target: Optional[str]
    result: Union[float, bool]
    before: Optional[float]
    call: int
    numbers: tuple[str, ...] = field(repr=False)  # every equation that this code is
    code: FunctionLines = field(repr=False, compare=False)
    line: FormulaLine = field(repr=False, compare=False)
    values: tuple[Value, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    functions: dict[str, Callable[..., object]] = field(repr=False, compare=False)

    @property
    def after(self) -> Union[float, bool]:
        """The value of the target after the line, which is the result."""
        return self.result

    @property
    def substituted(self) -> str:
        """The right side as Python, with every name replaced by its value, to the last bit.

        ``eval(step.substituted, dict(step.functions))`` is ``step.result``.
        """
        return substituted(self.line, self.values, self.names)

    @property
    def by_hand(self) -> str:
        """The same with four figures a number, as written by hand: 0.31 + (−0.42)(0.88)."""
        return by_hand(self.line, self.values, self.names)

    @property
    def worked_out(self) -> str:
        """The same once more, with every function such as σ'(0.5) replaced by its value too."""
        return by_hand(self.line, self.values, self.names, calls=False)

    def latex(self, calls: bool = True) -> str:
        """Return the same in LaTeX; ``calls=False`` puts in the values of functions too."""
        return latex(self.line, self.values, self.names, calls)

    @property
    def is_term(self) -> bool:
        """Whether the line adds a term to a sum."""
        return self.line.kind == "add"

    @property
    def term(self) -> Optional[float]:
        """What a line of a sum adds to it, to the last bit."""
        if not self.is_term:
            return None
        added = self.line.expression
        if not isinstance(added, ast.BinOp):  # the numbers behind it are not known
            return float(self.result) - (self.before or 0.0)
        line = self.line._replace(expression=added.right)
        return float(eval(substituted(line, self.values, self.names, calls=False)))


class Recording(Sequence[Step]):
    """The steps of what runs inside its ``with`` block, in the order in which they were done.

    >>> from tinynn import Matrix, Vector
    >>> from tinynn.equations import weighted_input
    >>> with Recording() as steps:
    ...     z = weighted_input(Matrix([[2, 3]]), Vector([1, 0.5]), Vector([-1]))
    >>> for step in steps:
    ...     print(step.source, "→", step.by_hand, "→", step.result)
    total += w[j][k] * a[k] → 0 + (2)(1) → 2.0
    total += w[j][k] * a[k] → 2 + (3)(0.5) → 3.5
    z[j] = total + b[j] → 3.5 + (−1) → 2.5
    """

    def __init__(
        self,
        *functions: Callable[..., object],
        most: int = 200_000,
        on_step: Optional[Callable[[int], object]] = None,
    ) -> None:
        self._steps: list[Step] = []
        self._recorder = _Recorder(functions, self._steps, require_count("most", most), on_step)

    def __enter__(self) -> Recording:
        self._recorder.start(sys._getframe(1))
        return self

    def __exit__(self, *_: object) -> None:
        self._recorder.stop()

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Step, Sequence[Step]]:
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        numbers = list(dict.fromkeys(step.number for step in self))
        return f"<Recording of {len(self):,} steps: {', '.join(numbers) or 'nothing ran'}>"


def record(
    *functions: Callable[..., object],
    most: int = 200_000,
    on_step: Optional[Callable[[int], object]] = None,
) -> Recording:
    """Record what runs in a ``with`` block: the engine's equations, and these functions too.

    ``functions`` are your own, in loop style: plain ``for``, one assignment a line. At ``most``
    that many steps are kept; one more is an ArgumentError. ``on_step`` is called with the number
    of steps so far, after each. Whatever else traces the program, such as a debugger or a
    coverage tool, goes on doing so, and is left in place afterwards.

    >>> def mean(x):
    ...     total = 0.0
    ...     for j in range(len(x)):
    ...         total += x[j]
    ...     return total / len(x)
    >>> with record(mean) as steps:
    ...     answer = mean([1.0, 2.0, 6.0])
    >>> [step.by_hand for step in steps]
    ['0 + 1', '1 + 2', '3 + 6', '9 / 3']
    """
    return Recording(*functions, most=most, on_step=on_step)


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
        once = False  # whether there is something that can be gone through only once
        for part in line.parts:
            called = _looked_up(part.called, self.frame)
            harmless = part.called is None or (called in _HARMLESS and not once)
            value = _looked_up(part.code, self.frame) if harmless else None
            once = once or hasattr(value, "__next__")
            self.values.append(_number(value))
            self.called.append(called)
        self.before = _number(_looked_up(line.target_code, self.frame))

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
            result = _number(_looked_up(line.target_code, self.frame))
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


class _Recorder(bdb.Bdb):
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
        if watched is not None:
            layer, first = self._layer(frame), len(self.steps)
            self.running = _Running(frame, watched, self.calls, first, layer, running)
            self.calls += 1
            return self.trace_dispatch
        if running is None or not direct:
            return None
        # your own function may call backprop; what an equation calls, such as σ', is one number
        own = "equations" not in running.watched.function.__dict__
        of_numbers = all(_number(value) is not None for value in frame.f_locals.values())
        running.looks_deeper = own and not of_numbers
        return self._answer if running.line is not None else None

    def stop_here(self, frame: FrameType) -> bool:
        """Stop at every line of what is traced at all."""
        return True

    def _layer(self, frame: FrameType) -> Optional[int]:
        """Return the book's l, as the nearest caller has it; L where only that is known yet."""
        caller: Optional[FrameType] = frame
        while caller is not None:
            for name in ("l", "L"):
                value = caller.f_locals.get(name)
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


# Functions that may be called once more, to see what they answer.
_HARMLESS = (
    len,
    abs,
    min,
    max,
    sum,
    float,
    int,
    round,
    *(f for f in vars(math).values() if callable(f)),
)


def _looked_up(code: Optional[CodeType], frame: FrameType) -> Any:
    """Return what a name or an entry stands for in a frame; None where that is nothing yet."""
    if code is None:
        return None
    try:
        return eval(code, frame.f_globals, frame.f_locals)
    except Exception:
        return None


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
