"""Claims and judges: how a claim is tried, and how a counterexample is explained."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, Optional

from tinynn.errors import TinyNNError, require_count
from tinynn.notation import equations, indexed_name
from tinynn.stepper import names, record
from tinynn.stepper.steps import Step
from tinynn.stepper.writing import short
from tinynn.teaching.adapt import (
    Adapted,
    AnswerError,
    adapted,
    close,
    handed_over,
    in_one_line,
    shape,
)
from tinynn.teaching.roles import BOARDS, Arguments, Board, Draw, Role
from tinynn.teaching.wording import answers_written, call_written

# The absolute and the relative tolerance of a numerical slope. (46) moves one way by 0.01: its
# error is 0.005 times the rate at which the slope changes, which is at most 8 in every trial.
ONE_SIDED = (0.05, 0.02)

_SHAPE = re.compile("require_|maps_in")  # a line that only handles shapes

Judge = Callable[[Adapted, Arguments], "Optional[Counterexample]"]


class Counterexample(NamedTuple):
    """Arguments at which a function breaks a claim, in plain numbers.

    ``got`` is the function's answer or, with ``raised``, the error that it raised, as text;
    ``expected`` is the answer of the definition (the numerical gradient, for gradients);
    ``arithmetic`` is the definition computed with these numbers, line by line. ``calls`` are the
    calls with their answers, unless there was only the call with these arguments; ``form`` is the
    form of the arguments in words, if they were not plain lists.
    """

    arguments: Arguments
    got: Any
    expected: Any
    difference: Optional[float]
    arithmetic: tuple[str, ...]
    raised: Optional[BaseException] = None
    calls: tuple[tuple[Arguments, Any], ...] = ()
    form: str = ""


class ClaimError(AssertionError):
    """A function breaks a claim: the claim, its equation, and the numbers."""

    def __init__(self, claim: Claim, counterexample: Counterexample) -> None:
        self.claim = claim
        self.counterexample = counterexample
        super().__init__("\n".join(explanation(claim, counterexample)))


@dataclass(frozen=True)
class Claim:
    """One promise of the book, and how to try it on any function of its role.

    ``arguments`` makes the arguments of a call by parameter name, in plain numbers, with further
    values that the promise needs. ``judge`` makes one or more calls with them and returns a
    Counterexample if they break the promise. ``boards`` are arguments that are always tried.
    """

    identifier: str
    sentence: str
    equations: tuple[str, ...]
    role: Role
    chapter: int
    judge: Judge = field(repr=False, compare=False)
    arguments: Callable[[Draw], Arguments] = field(repr=False, compare=False)
    boards: tuple[Arguments, ...] = field(default=(), repr=False, compare=False)

    @property
    def formulas(self) -> list[str]:
        """The equations of the claim as text: ``(BP3)  ∂C/∂b^l_j = δ^l_j``."""
        known = {entry.number: entry.formula for entry in equations()}
        return [f"({number})  {known[number]}" for number in self.equations]

    def check(self, function: Callable[..., Any], *, max_examples: int = 100) -> None:
        """Check the claim for a function; raise ClaimError with a small counterexample.

        Boards are tried first: few numbers, all different and not 0, in unequal sizes. Then
        ``max_examples`` sets of arguments are drawn, always the same ones. No database is kept,
        and no setting of Hypothesis is changed.
        """
        __tracebackhide__ = True  # pytest then shows the explanation, not our source
        require_count("max_examples", max_examples)
        counterexample = self.counterexample(adapted(function, self.role), max_examples)
        if counterexample is not None:
            raise ClaimError(self, counterexample) from counterexample.raised

    def counterexample(self, call: Adapted, max_examples: int = 100) -> Optional[Counterexample]:
        """Return the first counterexample, or None.

        Prefer wrong numbers to an error, since they say more.
        """
        raised: Optional[Counterexample] = None
        for found in self._tried(call, max_examples):
            if found is not None and found.raised is None:
                return found._replace(form=call.form_in_words)
            raised = raised or found
        return None if raised is None else raised._replace(form=call.form_in_words)

    def examine(self, call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
        """Return the finding for one set of arguments; an error that is raised is one too."""
        try:
            return self.judge(call, arguments)
        except (Exception, SystemExit) as error:
            last = ((call.last, None),)
            return Counterexample(arguments, in_one_line(error), None, None, (), error, last)

    def _tried(self, call: Adapted, max_examples: int) -> Iterator[Optional[Counterexample]]:
        """Yield the finding for each board, then the smallest one among drawn arguments."""
        boards = [Board(rank) for rank in range(BOARDS)]
        draws = [*boards, *(Draw(Random(rank)) for rank in range(BOARDS, 3 * BOARDS))]
        drawn = [self.role.adjust(self.arguments(draw), rank) for rank, draw in enumerate(draws)]
        for board in (*drawn[:BOARDS], *self.boards, *drawn[BOARDS:]):
            yield self.examine(call, board)
        last: list[Counterexample] = []

        def breaks(arguments: Arguments) -> bool:
            found = self.examine(call, arguments)
            if found is not None:
                last[:] = [found]
            return found is not None

        from tinynn.teaching.searching import find  # imports Hypothesis

        find(self.arguments, breaks, max_examples)
        yield from last


@dataclass(frozen=True)
class Definition:
    """A judge that compares an answer with the one that ``expected`` computes.

    They agree if each number differs by at most ``absolute`` plus ``relative`` times the larger
    one, or more in single precision. If there is an ``accept``, it decides instead, from the
    answer, the right answer and the arguments.
    """

    expected: Callable[..., Any]
    absolute: float = 1e-9
    relative: float = 1e-9
    accept: Optional[Callable[[Any, Any, Arguments], bool]] = None

    def __call__(self, call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
        """Return a Counterexample if the function has another answer, or no answer."""
        right = self.expected(**arguments)
        try:
            got = call(**arguments)
            require_shape(got, right, gradient=call.role.returns == "gradient")
        except (Exception, SystemExit) as error:
            lines = worked(call.role, arguments, right)
            return Counterexample(arguments, in_one_line(error), right, None, lines, error)
        if self.accept is not None:
            agree = self.accept(got, right, arguments)
        else:
            least = max(self.absolute, 64.0 * call.rounding)
            agree = close(got, right, least, max(self.relative, 64.0 * call.rounding))
        if agree:
            return None
        worst = [furthest_slope(got, right)] if call.role.returns == "gradient" else []
        lines = (*worst, *worked(call.role, arguments, right))
        return Counterexample(arguments, got, right, difference(got, right), lines)


def worked(role: Role, arguments: Arguments, right: Any) -> tuple[str, ...]:
    """Return the definition computed with these arguments, line by line.

    The lines are those that the engine's function runs; none, if its answer is not that of the
    definition.
    """
    given = [handed_over(each.kind, arguments[each.name], "tinynn") for each in role.parameters]
    try:
        with record() as steps:
            got = Adapted(lambda *_: role.recorded(*given), role, "tinynn")(**arguments)
    except TinyNNError:
        return ()
    if not close(got, right, 1e-6, 1e-5):
        return ()
    return tuple(_lines(steps, role))


def _lines(steps: Any, role: Role) -> Iterator[str]:
    own = role.name in ("sigmoid", "sigmoid_prime")
    for place, step in enumerate(steps):
        ends = place + 1 == len(steps) or steps[place + 1].call != step.call
        if step.is_term and step.target in step.code.sums:
            if ends:
                terms = names.so_far(steps, place)
                symbols = " + ".join(term.symbols for term in terms)
                numbers = " + ".join(term.numbers() for term in terms)
                yield _line(role.result, symbols, numbers, step)
        elif (own or step.number not in ("3", "σ'")) and not _SHAPE.search(step.source):
            found = names.quantity(step, place)
            symbols, numbers = names.in_full(steps, place) or (names.in_book(step), step.by_hand)
            ends = place + 1 == len(steps) or role.engine is not None
            name = role.result if ends else step.function.replace("_", " ")
            yield _line(found.name if found else step.target or name, symbols, numbers, step)


def _line(name: str, symbols: str, numbers: str, step: Step) -> str:
    result = short(step.result, 6)
    written = [numbers] if " " in numbers or "(" in numbers else []  # else it is the result itself
    return " = ".join(dict.fromkeys([name, symbols, *written, result]))


def require_shape(got: Any, expected: Any, gradient: bool = False) -> None:
    """Check that an answer has the shape of the right one; raise AnswerError if not.

    >>> require_shape([1.0, 2.0, 3.0], [0.0, 0.0])
    Traceback (most recent call last):
    tinynn.teaching.adapt.AnswerError: the answer: expected 2 numbers, got 3 numbers
    """
    if shape(got) != shape(expected):
        say = _halves_in_words if gradient else in_words
        raise AnswerError(f"the answer: expected {say(expected)}, got {say(got)}")


def _halves_in_words(pair: Any) -> str:
    halves = [", ".join(in_words(each) for each in half) or "no layer" for half in pair]
    return f"nabla_b of {halves[0]}; nabla_w of {halves[1]}"


def in_words(value: Any) -> str:
    """Return the shape of a plain answer in words.

    >>> in_words([[1, 2, 3], [4, 5, 6]]), in_words([0.5]), in_words([[1], [2, 3]])
    ('2×3 numbers', '1 number', '2 rows of 1, 2')
    """
    if not isinstance(value, (list, tuple)):
        return "a number"
    rows = [row for row in value if isinstance(row, (list, tuple))]
    if not rows:
        return f"{len(value)} number{'' if len(value) == 1 else 's'}"
    if any(isinstance(each, (list, tuple)) for row in rows for each in row):
        return f"({', '.join(in_words(each) for each in value)})"
    lengths = [len(row) if isinstance(row, (list, tuple)) else 0 for row in value]
    if len(set(lengths)) == 1:
        return f"{len(value)}×{lengths[0]} numbers"
    return f"{len(value)} rows of {', '.join(map(str, lengths))}"


def difference(got: Any, expected: Any) -> float:
    """Return the largest difference between two answers of one shape, number by number.

    >>> difference([1.0, 2.0], [1.0, 2.5])
    0.5
    """
    return max((abs(c - e) for c, e in zip(flat(got), flat(expected))), default=0.0)


def furthest_slope(got: Any, expected: Any) -> str:
    """Return the ∂C/∂b or ∂C/∂w of a gradient that is furthest from the right one.

    >>> furthest_slope([[[0.5]], [[[1.0, 2.0]]]], [[[0.5]], [[[1.0, 0.0]]]])
    '∂C/∂w^2_12: yours 2; by hand 0'
    """
    slopes = []
    for i, (b, w) in enumerate(zip(*expected)):
        for j in range(len(b)):
            slopes.append((indexed_name("b", i + 2, j + 1), got[0][i][j], b[j]))
            for k in range(len(w[j])):
                slopes.append((indexed_name("w", i + 2, j + 1, k + 1), got[1][i][j][k], w[j][k]))
    name, gave, right = max(slopes, key=lambda slope: abs(slope[1] - slope[2]))
    return f"∂C/∂{name}: yours {gave:.6g}; by hand {right:.6g}"


def flat(value: Any) -> Iterator[float]:
    """Yield every number of a plain answer, however deeply nested.

    >>> list(flat([[1.0, 2.0], [3.0]]))
    [1.0, 2.0, 3.0]
    """
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from flat(each)
    else:
        yield value


def explanation(claim: Claim, counterexample: Counterexample) -> Iterator[str]:
    """Yield the lines that explain a counterexample to a student."""
    got, apart = counterexample.got, counterexample.difference
    yield f"{claim.identifier}: {claim.sentence}"
    yield from (f"  {formula}" for formula in claim.formulas)
    yield from calls_of(claim, counterexample)
    if counterexample.form:
        yield f"  with {counterexample.form}"
    gave, wanted = answers_written(claim.role, got, counterexample.expected, apart)
    if counterexample.raised is not None or not counterexample.calls:
        yield f"  yours     {gave}"
        if wanted:
            yield f"  by hand   {wanted}"
    if apart is not None:
        yield f"  apart by  {apart:.3g}"
    yield from (f"  {line}" for line in counterexample.arithmetic)


def calls_of(claim: Claim, counterexample: Counterexample) -> list[str]:
    """Return the calls as they would be typed; if there are several, with their answers."""
    calls = counterexample.calls or ((counterexample.arguments, None),)
    return [
        call_written(claim.role, arguments)
        + ("" if answer is None else f" = {answers_written(claim.role, answer, None, None)[0]}")
        for arguments, answer in calls
    ]
