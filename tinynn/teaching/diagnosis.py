"""The diagnosis of a wrong function: found by search, reported only if all trials confirm it.

The search tries the lesson's mistakes first, then repairs of the student's source, then pairs of
mistakes, then every edit of the engine's source. It reports a candidate only if it gives the
student's answers in every trial that can be compared, and no simpler candidate does. If no edit
explains the answers, the report says where the function is right and where it is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import combinations
from time import process_time
from typing import Any, NamedTuple, Optional, Union

from tinynn.errors import ArgumentError, describe
from tinynn.notation import equations
from tinynn.teaching.adapt import Adapted, AnswerError, adapted
from tinynn.teaching.claims import claim_named
from tinynn.teaching.judging import Claim, ClaimError, Counterexample, flat
from tinynn.teaching.narrowing import narrowed
from tinynn.teaching.observing import alike, nearness, observed
from tinynn.teaching.programs import Program
from tinynn.teaching.repair import SECONDS, Repair, repair
from tinynn.teaching.roles import Arguments, Mistake, Role

_FEW = 12  # with fewer different trials, pairs of mistakes cannot be distinguished
_LEAST = 3  # trials that must distinguish a mistake from the right function
_SECONDS = 0.6  # for the edits of the engine's source, and again for pairs of mistakes
_FOR_A_LINE = 0.5  # seconds to find the line of a known mistake
Mend = Callable[[Adapted, list[Arguments], list[Any], float], Optional[Repair]]
_LARGE = 300.0  # the square of e^z, which a formula for σ' may use, overflows from z = 355 on


class Diagnosis(NamedTuple):
    """The name of the mistake behind a failure, words on how to fix it, and its line."""

    mistake: str
    diagnosis: str
    line: Optional[int] = None


def check(claim: Union[str, Claim], function: Callable[..., Any]) -> None:
    """Check a claim; raise ClaimError with a small counterexample and a diagnosis if it fails.

    The function runs in this process, so a debugger can be used; its time is not limited. To judge
    a file that you have not read yet, use ``tinynn grade``.

    >>> check("descent-step", lambda v, gradient, eta: v - eta * gradient)
    >>> try:
    ...     check("descent-step", lambda v, gradient, eta: v + eta * gradient)
    ... except ClaimError as error:
    ...     print(str(error).splitlines()[-1])
      looks like  the sign is flipped, +η for -η: this goes up the slope. To lower C, subtract.
    """
    __tracebackhide__ = True  # pytest shows the line of the test, not ours
    promise = claim if isinstance(claim, Claim) else claim_named(claim)
    if not callable(function):
        raise ArgumentError(f"{promise.identifier}: expected a function, got {describe(function)}")
    call = adapted(function, promise.role)
    found = promise.counterexample(call)
    if found is None:
        return
    error = ClaimError(promise, found)
    diagnosis = None
    with suppress(Exception):  # it calls the function again, which may fail in another way
        diagnosis = diagnose(promise, call, found)
    if diagnosis is not None:
        error.args = (f"{error}\n  looks like  {diagnosis.diagnosis}",)
    raise error from found.raised


def diagnose(
    claim: Claim,
    function: Callable[..., Any],
    counterexample: Optional[Counterexample] = None,
    mend: Mend = repair,
) -> Optional[Diagnosis]:
    """Return the diagnosis of a function that breaks a claim, or None if none is certain.

    ``mend`` searches for the repair; a function in another process needs its own.

    >>> def uphill(v, gradient, eta):
    ...     return [v[j] + eta * gradient[j] for j in range(len(v))]
    >>> diagnose(claim_named("descent-step"), uphill).mistake
    'uphill'
    """
    call = function if isinstance(function, Adapted) else adapted(function, claim.role)
    return _Search(claim.role, call, counterexample).diagnosis(mend)


class _Search:
    """The trials of one function, its answers, the right answers, and the search for a cause."""

    def __init__(self, role: Role, call: Adapted, found: Optional[Counterexample]) -> None:
        self.role, self.call, self.found = role, call, found
        self.trials = role.trials()
        names = [parameter.name for parameter in role.parameters]
        if found is not None and {*names} <= {*found.arguments}:
            self.trials.append({name: found.arguments[name] for name in names})
        self.program = role.program()
        model = Adapted(self.program.run(), role, "lists")
        self.right = [observed(model, each) for each in self.trials]
        self.programs: dict[Mistake, Program] = {}

    def diagnosis(self, mend: Mend) -> Optional[Diagnosis]:
        role, call = self.role, self.call
        if _in_another_order(call):
            expected = role.signature.split(" ->")[0]
            return Diagnosis("order", f"the arguments are in another order: expected {expected}.")
        self.near = nearness(call)
        self.answers = [observed(call, each) for each in self.trials]
        again = [observed(call, each) for each in reversed(self.trials)]
        pairs = zip(self.answers, reversed(again))
        if any(a is not None and b is not None and not alike(a, b, self.near) for a, b in pairs):
            return Diagnosis("remembers", _REMEMBERS)
        wrong = [not alike(a, r, self.near) for a, r in zip(self.answers, self.right)]
        if self._overflows(wrong):
            return Diagnosis("overflow", _OVERFLOW)
        if not any(wrong):
            return None
        named = self._named()
        mended = mend(call, self.trials, self.right, _FOR_A_LINE if named else SECONDS)
        if named is not None:
            return named._replace(line=mended and mended.line)
        if mended is not None:
            words = f"right in all trials with {mended.words}."
            return Diagnosis("repair", words, mended.line)
        return self._paired() or self._edited() or self._narrowed()

    def _named(self) -> Optional[Diagnosis]:
        """Return the known mistake that gives the student's answers."""
        for row in self.role.mistakes:
            program = self.program.rewritten((row.has, row.writes))
            if program is not None:
                self.programs[row] = program
                if self._fits(program.run()):
                    return _said(row)
        return None

    def _paired(self) -> Optional[Diagnosis]:
        """Return the pair of known mistakes that gives the student's answers."""
        if self.role.returns != "batches" and len({*map(str, self.trials)}) < _FEW:
            return None  # a table of bits cannot distinguish two mistakes
        until = process_time() + _SECONDS
        for one, other in combinations(self.programs, 2):
            if process_time() > until:
                break
            if self.role.returns == "batches" and "the caller's list" not in one.say + other.say:
                continue  # the facts that two mistakes in the order change depend on chance
            program = self.program.joined(self.programs[one], self.programs[other])
            if program is None and one.has != other.has:
                program = self.program.rewritten((one.has, one.writes), (other.has, other.writes))
            if program is not None and self._fits(program.run()):
                return _said(one, other)
        return None

    def _edited(self) -> Optional[Diagnosis]:
        """Return the edit of the engine's source that gives the student's answers."""
        if len({*map(str, self.answers)}) == 1:
            return None  # many edits give a constant answer
        until = process_time() + _SECONDS
        numbers = {entry.function.__name__: entry.number for entry in equations()}
        for edit in self.program.edits():
            if process_time() > until:
                break
            try:
                function = self.program.run(edit)
            except Exception:
                continue
            if self._fits(function):
                has, writes = edit.texts()
                name = numbers.get(edit.unit)
                where = f"({name})" if name else edit.unit.removesuffix("_of")
                words = f"behaves as if {where} contained `{writes}` instead of `{has}`."
                return Diagnosis("edit", words)
        return None

    def _fits(self, function: Callable[..., Any]) -> bool:
        """Return whether a function gives the student's answers, and enough wrong ones."""
        candidate = Adapted(function, self.role, "lists")
        telling, by_numbers = 0, False
        for trial, got, right in zip(self.trials, self.answers, self.right):
            made = observed(candidate, trial)
            if made is None:  # the mistake itself fails here, as a transposed matrix may
                telling += got is None
                continue
            if not alike(got, made, self.near):
                return False
            if not alike(made, right, self.near):
                telling, by_numbers = telling + 1, True
        return by_numbers and telling >= min(_LEAST, len(self.trials) // 5)

    def _narrowed(self) -> Optional[Diagnosis]:
        words = narrowed(self.role, self.trials, self.answers, self.right, self.call)
        return Diagnosis("narrowed", words) if words else None

    def _overflows(self, wrong: list[bool]) -> bool:
        """Return whether only a power of e at a large number fails."""
        found = self.found
        if found is None or not isinstance(found.raised, (OverflowError, AnswerError)):
            return False
        if isinstance(found.raised, AnswerError) and "finite" not in str(found.raised):
            return False
        moderate = [w for w, t in zip(wrong, self.trials) if not _is_large(t)]
        return _is_large(found.arguments) and not any(moderate)


_REMEMBERS = (
    "the same call gives another answer the second time: something is kept between calls, such as "
    "a global list, a default argument, or the function's own random numbers."
)
_OVERFLOW = (
    "the formula is right, but e to a large power is too large for a float. Use "
    "1 / (1 + e^(-z)) for z >= 0 and e^z / (1 + e^z) for z < 0: then the power is never positive."
)


def _said(*rows: Mistake) -> Diagnosis:
    return Diagnosis(" and ".join(row.name for row in rows), " Also, ".join(r.say for r in rows))


def _is_large(trial: Arguments) -> bool:
    return any(isinstance(n, float) and abs(n) > _LARGE for n in flat([*trial.values()]))


def _in_another_order(call: Adapted) -> bool:
    """Return whether the parameters have the expected names, but in another order."""
    expected = [parameter.name for parameter in call.role.parameters]
    return call.parameters != expected and sorted(call.parameters) == sorted(expected)
