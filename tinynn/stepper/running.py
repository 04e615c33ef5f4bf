"""A call that is being recorded: what its lines read, and the step that each of them becomes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Optional, Union

from tinynn.notation import layer_names, symbols_of
from tinynn.stepper.lines import FormulaLine, FunctionLines, Names, Part, formula_lines
from tinynn.stepper.looking import looked_up
from tinynn.stepper.steps import Place, Step
from tinynn.stepper.writing import Value, is_known, literal, substituted

_READING = threading.RLock()  # Python 3.11 counts the depth of a tree for all threads together


@dataclass
class Watched:
    """A function whose lines are recorded."""

    number: str
    formula: str
    name: str
    numbers: tuple[str, ...]
    function: Callable[..., object]
    lines: Optional[FunctionLines] = None

    @property
    def is_equation(self) -> bool:
        """Whether it is an equation of the engine, and not a student's function."""
        return "equations" in self.function.__dict__

    def code(self) -> FunctionLines:
        """Return its lines, taken apart when they are first asked for."""
        if self.lines is None:
            with _READING:
                self.lines = formula_lines(self.function)
        return self.lines


@dataclass
class Running:
    """A call of a watched function that is under way."""

    frame: FrameType
    watched: Watched
    call: int
    first: int  # how many steps there were before it
    called_in: Optional[int]  # the layer, as its callers number it
    within: Optional[Running]
    line: Optional[FormulaLine] = None  # the one that is running, and what it has read so far:
    values: list[Value] = field(default_factory=list)
    places: list[Optional[Place]] = field(default_factory=list)
    place: Optional[Place] = None
    loops: Names = ()
    sums: dict[str, int] = field(default_factory=dict)  # the steps at which they started
    used: dict[str, int] = field(default_factory=dict)  # those of them that the line uses
    called: list[Any] = field(default_factory=list)
    answers: list[tuple[CodeType, object]] = field(default_factory=list)
    before: Optional[float] = None
    looks_deeper: bool = False  # into what it has called, which is not recorded itself
    is_detail: bool = False  # of an equation that calls it; what it calls is not recorded

    @property
    def indices(self) -> dict[str, int]:
        """The l of the line, and the indices of its loops and of those of the line that called."""
        own = layer_in(self.frame, self.loops)
        layer = self.called_in if own is None else own
        found = {} if layer is None else {"l": layer}
        if self.caller:
            found = {**found, **self.caller.indices, **found}
        if self.loops:
            names = self.frame.f_locals
            found.update((n, names[n]) for n in self.loops if isinstance(names.get(n), int))
        return found

    @property
    def neuron(self) -> Names:
        """The names of the indices that say which neuron is computed."""
        own = self.watched.code().neuron
        return own if own is not None else self.caller.neuron if self.caller else ()

    @property
    def caller(self) -> Optional[Running]:
        """The recorded function that made this call itself, if one did."""
        within = self.within
        return within if within is not None and self.frame.f_back is within.frame else None

    def begin(self, number: int, done: int) -> None:
        """Read the value and the indices of every part, before the line changes any of them."""
        code = self.watched.code()
        self.line = line = code.lines.get(number)
        self.loops = code.loops.get(line.first if line else number, self.loops)
        if line is not None:
            here, above = self.frame.f_locals, self.frame.f_globals
            self.answers = []
            self.values = [as_number(looked_up(part.node, here, above)) for part in line.parts]
            self.called = [looked_up(part.called, here, above) for part in line.parts]
            self.places = [_place(part, here, above) for part in line.parts]
            target = line.target
            self.place = _place(target, here, above) if target else None
            self.before = as_number(looked_up(target.node, here, above)) if target else None
            names = (part.text for part in line.parts if part.text in code.sums)
            self.used = {name: self.sums.get(name, self.first) for name in names}
        for name in code.starts.get(number, ()):
            self.sums[name] = done

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
            result = as_number(returned)
        else:
            target = line.target.node if line.target else None
            result = as_number(looked_up(target, self.frame.f_locals, self.frame.f_globals))
        step = None if result is None else self._step(line, result)
        self.line = None
        return step

    def _take_answers(self) -> None:
        """Put in what the functions that the line called have returned, in their order."""
        for number, called in enumerate(self.called):
            code = getattr(called, "__code__", None)
            for i, (of, answer) in enumerate(self.answers):
                if of is code:
                    self.values[number] = as_number(answer)
                    del self.answers[i]
                    break

    def _step(self, line: FormulaLine, result: Union[float, bool]) -> Step:
        names = [
            part.text if called is None else getattr(called, "__name__", part.text)
            for part, called in zip(line.parts, self.called)
        ]
        if line.kind == "entry" and line.added and self.before == 0.0:
            line = line._replace(expression=line.added)  # the first: without "0 +"
        if not is_known(line, self.values):
            line = line._replace(expression=literal(result), added=None, numbers={})
        indices = self.indices
        return Step(
            number=self.watched.number,
            formula=self.watched.formula,
            function=self.watched.name,
            indices=indices,
            neuron=tuple(indices[name] for name in self.neuron if name in indices),
            file=self.frame.f_code.co_filename,
            line_number=line.first,
            source=line.source,
            target=line.target.text if line.target else None,
            result=result,
            before=self.before,
            call=self.call,
            numbers=self.watched.numbers,
            code=self.watched.code(),
            line=line,
            values=tuple(self.values),
            names=tuple(names),
            place=self.place,
            places=tuple(self.places),
            sums=self.used,
            functions={n: c for n, c in zip(names, self.called) if c is not None},
            symbols=symbols_of(self.watched.function),
        )


def layer_in(frame: FrameType, loops: Names) -> Optional[int]:
    """Return the layer that a call works on, if its function declares it or loops over an l."""
    for name in layer_names().get(frame.f_code, ("l",) if "l" in loops else ()):
        value = frame.f_locals.get(name)
        if isinstance(value, int):
            return value
    return None


def _place(part: Part, here: Mapping[str, Any], above: Mapping[str, Any]) -> Optional[Place]:
    """Return the indices of an entry such as a[j + r][k]; None where one is no whole number."""
    if not part.indices:
        return ()
    found = [looked_up(index, here, above) for index in part.indices]
    return tuple(found) if all(isinstance(index, int) for index in found) else None


def as_number(value: object) -> Optional[float]:
    """Return the value, if it is a number: a copy, as numbers do not change."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if type(value) is int else float(value)
