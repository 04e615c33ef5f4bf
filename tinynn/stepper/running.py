"""A call being recorded: the values that its lines read, and their steps."""

from __future__ import annotations

import ast
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import CodeType, FrameType
from typing import Any, Optional, Union

import tinynn.stepper.looking as looking
from tinynn.linalg import Vector
from tinynn.notation import Equation, layer_names, symbols_of
from tinynn.stepper.lines import (
    Comprehension,
    Elements,
    FormulaLine,
    FunctionLines,
    Names,
    Part,
    formula_lines,
    line_of,
    works,
)
from tinynn.stepper.looking import Scope, as_number, looked_up
from tinynn.stepper.steps import Place, Step
from tinynn.stepper.writing import Value, is_known, literal, worked_out

_READING = threading.RLock()  # Python 3.11 counts the depth of a tree over all threads


@dataclass
class Watched:
    """A function whose lines are recorded."""

    function: Callable[..., object]
    lines: Optional[FunctionLines] = None
    missed: Counter[int] = field(default_factory=Counter)  # the lines that ran without a step

    def __post_init__(self) -> None:
        declared = self.function.__dict__
        entries: Sequence[Equation] = declared.get("equations", ())
        summary = (self.function.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        self.name = self.function.__name__
        self.numbers = tuple(entry.number for entry in entries) or (self.name,)
        self.formula = entries[0].formula if entries else declared.get("formula", summary)
        self.is_equation = bool(entries)

    def code(self) -> FunctionLines:
        """Return the function's lines, which are analysed on first use."""
        if self.lines is None:
            with _READING:
                self.lines = formula_lines(self.function)
        return self.lines


@dataclass
class Reading:
    """The values that a line, or one element of its comprehension, is about to read."""

    line: FormulaLine
    values: list[Value]
    places: list[Optional[Place]]
    called: list[Any]
    loops: Mapping[str, int]  # the indices of comprehensions
    place: Optional[Place]  # of its result
    inside: list[tuple[Elements, list[Reading]]]
    exact: bool = True


@dataclass
class Running:
    """An unfinished call of a watched function."""

    frame: FrameType
    watched: Watched
    call: int
    first: int  # the number of steps before it
    called_in: Optional[int]  # the layer that its callers number
    example: Optional[int]  # of the mini-batch, and m
    batch: int
    within: Optional[Running]
    line: Optional[FormulaLine] = None  # the running line, and the values that it reads:
    reading: Optional[Reading] = None
    loops: Names = ()
    sums: dict[str, int] = field(default_factory=dict)  # the steps at which sums started
    used: dict[str, int] = field(default_factory=dict)  # the sums that the line uses
    answers: list[tuple[CodeType, object]] = field(default_factory=list)
    before: Optional[float] = None
    began: tuple[int, int] = (0, 0)  # the numbers of steps and calls before the line
    looks_deeper: bool = False  # into calls of functions that are not recorded themselves
    is_detail: bool = False  # called by an equation; its own calls are not recorded

    def __post_init__(self) -> None:
        caller = self.caller  # it stays on one line while this call runs
        self.around = caller.indices if caller else {}

    @property
    def scope(self) -> Scope:
        """The names that the line sees, as they are now."""
        return Scope(self.frame.f_locals, self.frame.f_globals)

    @property
    def indices(self) -> dict[str, int]:
        """The l of the line, and the indices of its loops and of the calling line's loops."""
        own = layer_in(self.frame, self.loops)
        layer = self.called_in if own is None else own
        found = {} if layer is None else {"l": layer}
        if self.around:
            found = {**found, **self.around, **found}
        if self.loops:
            names = self.frame.f_locals
            found.update((n, names[n]) for n in self.loops if isinstance(names.get(n), int))
        return found

    @property
    def neuron(self) -> Names:
        """The names of the indices of the computed neuron."""
        own = self.watched.code().neuron
        return own if own is not None else self.caller.neuron if self.caller else ()

    @property
    def caller(self) -> Optional[Running]:
        """The recorded call that made this one directly, or None."""
        within = self.within
        return within if within is not None and calling(self.frame) is within.frame else None

    def begin(self, number: int, steps: int, calls: int) -> None:
        """Read the value and the indices of every part, before the line changes them."""
        code = self.watched.code()
        self.line = line = code.lines.get(number)
        self.loops = code.loops.get(line.first if line else number, self.loops)
        if line is not None:
            scope = self.scope
            self.answers = []
            self.began = steps, calls
            self.before, place = None, None
            if line.target:
                value, place = looking.entry(line.target, scope)
                self.before = as_number(value)
            if line.kind == "append":
                place = _end(line.target, scope)
            self.reading = _read(line, scope, {}, place)
            names = (part.text for part in line.parts if part.text in code.sums)
            self.used = {name: self.sums.get(name, self.first) for name in names}
        for name in code.starts.get(number, ()):
            self.sums[name] = steps

    def finish(self, steps: int, calls: int, returned: object = None) -> list[Step]:
        """Return the steps of the line that ran: none, one, or one for each element."""
        line, reading = self.line, self.reading
        if line is None or reading is None:
            return []
        self.line = None
        made = returned
        if line.target:
            made = looked_up(line.target.node, self.scope)
        found: list[Step] = []
        if reading.inside or self.answers:
            self._take_answers(reading, found, made)
        result: Union[float, bool, None] = as_number(made)
        if line.kind == "if":
            result = _worked_out(reading)
        counter = line.counter and type(self.before) is int
        if line.kind != "other" and result is not None and not counter:
            reading.exact = reading.exact and looking.is_exact(made)
            if any(reading.called) and reading.exact and _worked_out(reading) not in (None, result):
                self._read_again(reading, result)
            found.append(self._step(reading, result))
        elif not (found or counter or line.kind == "if" or self.began != (steps, calls)):
            scope = self.scope
            working = works(line.expression) and not looking.only_makes(line.expression, scope)
            unseen = line.kind == "other" or (line.target is not None and made is None)
            if working and (unseen or looking.holds_numbers(made)):
                self.watched.missed[line.first] += 1
        return found

    def _read_again(self, reading: Reading, result: Union[float, bool]) -> None:
        """Read a line's values after it ran, since one of its calls has changed them."""
        line, before = reading.line, reading.values
        scope = self.scope
        reading.values = [
            value if called is not None else as_number(looking.entry(part, scope)[0])
            for part, called, value in zip(line.parts, reading.called, before)
        ]
        if line.target is not None and line.target.text in [part.text for part in line.parts]:
            reading.values = before  # the line itself has changed them
        if _worked_out(reading) != result:
            reading.values = [None] * len(before)

    def _take_answers(self, reading: Reading, found: list[Step], made: object) -> None:
        """Add the answers of the functions that the line called, in order.

        ``found`` gets a step for each element of its comprehensions; ``made`` is its result.
        """
        for elements, inner in reading.inside:
            results = []
            whole = self._is_whole(elements, reading)
            for each in inner:
                self._take_answers(each, found, None)
                result = _worked_out(each)
                real = _entry_of(made, each.place, reading.place) if whole else None
                if real is not None:
                    each.exact = each.exact and looking.is_exact(real) and as_number(real) == result
                    result = as_number(real)
                results.append(result)
                if result is not None:
                    found.append(self._step(each, result, whole and reading.place is not None))
            if elements.number is not None and None not in results:
                called = reading.called[elements.number]
                if looking.is_harmless(called):
                    reading.values[elements.number] = as_number(called(results))
        for number, called in enumerate(reading.called):
            code = getattr(called, "__code__", None)
            for i, (of, answer) in enumerate(self.answers):
                if of is code:
                    reading.values[number] = as_number(answer)
                    reading.exact = reading.exact and looking.is_exact(answer)
                    del self.answers[i]
                    break

    def _is_whole(self, elements: Elements, reading: Reading) -> bool:
        """Return whether the result of a line is a comprehension, or a container made from it."""
        line = reading.line
        if line is not self.watched.code().lines.get(line.first):
            return False
        if isinstance(line.expression, Comprehension):
            return True
        number = elements.number
        if number is None or line.numbers.get(line.expression) != number:
            return False
        return not looking.is_harmless(reading.called[number])

    def _step(self, reading: Reading, result: Union[float, bool], named: bool = True) -> Step:
        line, values, called = reading.line, reading.values, reading.called
        names = [
            part.text if function is None else _name_of(function, part.text)
            for part, function in zip(line.parts, called)
        ]
        if line.kind == "entry" and line.added and self.before == 0.0 and not self.example:
            line = line._replace(expression=line.added)  # the first term, without "0 +"
        if not is_known(line, values):
            line = line._replace(expression=literal(result), added=None, numbers={})
        indices = {**self.indices, **reading.loops}
        is_element = line.kind == "element"
        if is_element and not named:
            line = line._replace(target=None)
        return Step(
            number=self.watched.numbers[0],
            formula=self.watched.formula,
            function=self.watched.name,
            indices=indices,
            neuron=tuple(indices[name] for name in self.neuron if name in indices),
            file=self.frame.f_code.co_filename,
            line_number=line.first,
            source=line.source,
            target=line.target.text if line.target else None,
            result=result,
            before=None if is_element else self.before,
            call=self.call,
            numbers=self.watched.numbers,
            code=self.watched.code(),
            line=line,
            values=tuple(values),
            names=tuple(names),
            place=reading.place,
            places=tuple(reading.places),
            sums={} if is_element else self.used,
            functions={n: c for n, c in zip(names, called) if c is not None},
            symbols=symbols_of(self.watched.function),
            example=self.example,
            batch=self.batch,
            exact=reading.exact,
        )


def _name_of(function: object, text: str) -> str:
    """Return the written name of a called function; for a lambda, the name in the line."""
    name: str = getattr(function, "__name__", text)
    if name.isidentifier():
        return name
    name = text.partition("(")[0].rpartition(".")[2]
    return name if name.isidentifier() else "f"


def _read(
    line: FormulaLine, scope: Scope, loops: Mapping[str, int], place: Optional[Place]
) -> Reading:
    """Return the values that a line, and each of its elements, is about to read."""
    found = [looking.entry(part, scope) for part in line.parts]
    called = [looked_up(part.called, scope) if part.called else None for part in line.parts]
    values = [as_number(value) for value, _ in found]
    places = [at for _, at in found]
    exact = all(looking.is_exact(value) for value, _ in found)
    inside = []
    for elements in line.inside:
        with suppress(LookupError, TypeError):  # its iterable cannot be iterated again
            inside.append((elements, list(_elements(elements, scope, loops, place or ()))))
    return Reading(line, values, places, called, loops, place, inside, exact)


def _elements(
    elements: Elements, scope: Scope, loops: Mapping[str, int], place: Place
) -> Iterator[Reading]:
    """Yield a reading for each element of a comprehension; nested ones row by row."""
    for at, names in enumerate(looking.bindings(elements.generators, scope, _holds)):
        counts = {n: names[n] for n in elements.indices if isinstance(names.get(n), int)}
        inner, within = elements.element, (scope.within(names), {**loops, **counts}, (*place, at))
        if isinstance(inner, Elements):
            yield from _elements(inner, *within)
        else:
            yield _read(inner, *within)


def _holds(test: ast.expr, scope: Scope) -> bool:
    """Return whether a condition of a comprehension holds. Raises LookupError if it is unknown."""
    holding = _worked_out(_read(line_of(test), scope, {}, ()))
    if holding is None:
        raise LookupError
    return bool(holding)


def _worked_out(reading: Reading) -> Optional[float]:
    """Return the result of a line from the numbers that it reads, or None if one is missing."""
    if not is_known(reading.line, reading.values):
        return None
    try:
        return as_number(worked_out(reading.line, reading.values))
    except ArithmeticError:
        return None


def _end(target: Optional[Part], scope: Scope) -> Place:
    """Return the indices of the entry that a line is about to append."""
    owner = target.node.value if target and isinstance(target.node, ast.Subscript) else None
    found = looked_up(owner, scope)
    *outer, _ = target.indices if target else (None,)
    places = [looked_up(index, scope) for index in outer]
    known = isinstance(found, list) and all(isinstance(each, int) for each in places)
    return (*places, len(found)) if known else ()


def _entry_of(made: Any, place: Optional[Place], after: Optional[Place]) -> Any:
    """Return an entry of a line's result; its indices begin with those of the line's target."""
    for index in (place or ())[len(after or ()) :]:
        if type(made) not in (list, tuple) and type(made).__module__ not in ("numpy", _OURS):
            return None
        made = made[index] if index < len(made) else None
    return made if looking.is_number(made) else None


_OURS = Vector.__module__


def calling(frame: FrameType) -> Optional[FrameType]:
    """Return the frame that made a call, without the frames of comprehensions."""
    caller = frame.f_back
    while caller is not None and caller.f_code.co_name in ("<listcomp>", "<genexpr>"):
        caller = caller.f_back
    return caller


def layer_in(frame: FrameType, loops: Names) -> Optional[int]:
    """Return the layer of a call, if its function declares it or loops over an l."""
    for name in layer_names().get(frame.f_code, ("l",) if "l" in loops else ()):
        value = frame.f_locals.get(name)
        if isinstance(value, int):
            return value
    return None
