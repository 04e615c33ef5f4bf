"""The repair of a student's function: the one change of its source that makes it right."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from itertools import islice
from time import monotonic
from typing import Any, NamedTuple, Optional

from tinynn.teaching.adapt import Adapted
from tinynn.teaching.edits import Edit, Program
from tinynn.teaching.observing import alike, observed
from tinynn.teaching.roles import Arguments

SECONDS = 1.2  # for the search in one function
_PAIRED = 40  # edits that help, though not all the way, and may be half of a repair


class Repair(NamedTuple):
    """A line of a student's file, and what makes it right; of two, the first, and ``also``."""

    line: int
    before: str
    after: str
    also: str = ""


def repair(call: Adapted, trials: list[Arguments], right: list[Any]) -> Optional[Repair]:
    """Return the change that makes a function right in all trials, or None if none is found.

    One change is looked for first, then two of which each helps. The edited function runs only
    here: nothing of the student's is changed, and what it prints is dropped.

    >>> from tinynn.teaching.adapt import adapted
    >>> from tinynn.teaching.claims import ROLES
    >>> role = ROLES["cost_change"]
    """
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return _search(call, trials, right)


def _search(call: Adapted, trials: list[Arguments], right: list[Any]) -> Optional[Repair]:
    program = Program.of(getattr(call.function, "function", call.function))
    if program is None:
        return None
    until = monotonic() + SECONDS
    sample = _telling(call, trials, right)
    score = _Score(call, program, trials, right, sample)
    least = score.of()
    helping: list[tuple[int, int, Edit]] = []
    for place, edit in enumerate(program.edits()):
        found = score.of(edit)
        if found == score.best and score.all_right(edit):
            return _written(program, edit)
        if found > least:
            helping.append((-found, place, edit))
        if monotonic() > until:
            return None
    halves = [edit for _, _, edit in sorted(helping, key=lambda each: each[:2])[:_PAIRED]]
    for first in halves:
        for second in program.edits():
            if monotonic() > until:
                return None
            if second.slot != first.slot and score.of(first, second) == score.best:
                if score.all_right(first, second):
                    return _written(program, first, second)
    return None


def _written(program: Program, *edits: Edit) -> Repair:
    first, *rest = sorted(edits, key=lambda edit: edit.line)
    before, after = first.texts()
    also = "".join(f"line {edit.line}: {edit.texts()[1]}" for edit in rest)
    if rest and rest[0].statement is first.statement:  # both in one line
        for _ in rest[0].made():
            after = first.texts()[1]
        also = ""
    return Repair(first.line, before, after, also)


class _Score:
    """How many numbers of a sample of trials an edited function gets right."""

    def __init__(
        self,
        call: Adapted,
        program: Program,
        trials: list[Arguments],
        right: list[Any],
        sample: list[int],
    ) -> None:
        self.call, self.program = call, program
        self.trials, self.right, self.sample = trials, right, sample
        self.best = sum(_count(right[i]) for i in sample)

    def of(self, *edits: Edit) -> int:
        """Return the score; -1 where the edits make no function."""
        edited = self._edited(*edits)
        if edited is None:
            return -1
        score = 0
        for i in self.sample:
            answer = observed(edited, self.trials[i])
            score += _matching(answer, self.right[i])
            if answer is None and not score:
                return -1
        return score

    def all_right(self, *edits: Edit) -> bool:
        """Say whether the edited function is right in every trial."""
        edited = self._edited(*edits)
        return edited is not None and all(
            alike(observed(edited, trial), right, self.call.rounding)
            for trial, right in zip(self.trials, self.right)
        )

    def _edited(self, *edits: Edit) -> Optional[Adapted]:
        try:
            function = self.program.run(*edits)
        except Exception:  # two edits may cross, and an edit may make no program
            return None
        return Adapted(function, self.call.role, self.call.form)


def _telling(call: Adapted, trials: list[Arguments], right: list[Any]) -> list[int]:
    """Return a few trials, those first in which the function is wrong."""
    wrong = [i for i, t in enumerate(trials) if not alike(observed(call, t), right[i], 0.0)]
    others = [i for i in range(len(trials)) if i not in wrong]
    return [*wrong[:4], *others[:2]]


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _flat(each)
    else:
        yield value


def _count(value: Any) -> int:
    return len([*_flat(value)])


def _matching(answer: Any, right: Any) -> int:
    if answer is None:
        return 0
    pairs = zip(_flat(answer), _flat(right))
    same_length = _count(answer) == _count(right)
    return sum(alike(a, b, 0.0) for a, b in pairs) if same_length else 0
