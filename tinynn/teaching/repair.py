"""The repair of a student's function: a change of its source that makes it right."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache, partial
from random import Random
from time import process_time
from typing import Any, NamedTuple, Optional

from tinynn.teaching.adapt import Adapted, adapted
from tinynn.teaching.claims import CLAIMS, ROLES
from tinynn.teaching.edits import Edit
from tinynn.teaching.judging import flat
from tinynn.teaching.observing import Near, alike, nearness, observed
from tinynn.teaching.programs import Program
from tinynn.teaching.roles import Arguments, Draw

SECONDS = 0.9  # for the search in one function
_LATER = 0.2  # of these, to look for another repair on a later line
_MORE = 40  # calls to try a repair with, besides the trials
_MEMORY = 2**26  # bytes that an edited function may use
_PAIRED = 40  # edits that help, and may be half of a repair


class Repair(NamedTuple):
    """The (first) wrong line of a student's file, and the change that makes it right."""

    line: int
    words: str


def repair(
    call: Adapted, trials: list[Arguments], right: list[Any], seconds: float = SECONDS
) -> Optional[Repair]:
    """Return the change that makes a function right in all trials, or None.

    The search tries single changes first, then pairs in which each one helps. Among single changes
    it prefers the one on the latest line, since changing a right line before a wrong one can often
    hide the mistake. Only a copy of the function is edited, and its prints are dropped.
    """
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), _little_memory():
        return _search(call, trials, right, seconds)


@contextmanager
def _little_memory() -> Iterator[None]:
    """Limit the additional memory of an edited function."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[5]) * resource.getpagesize()
    except OSError:
        used = 2 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    most = used + _MEMORY
    limits = [each for each in (most, soft, hard) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _search(
    call: Adapted, trials: list[Arguments], right: list[Any], seconds: float
) -> Optional[Repair]:
    program = Program.of(getattr(call.function, "function", call.function))
    near = nearness(call)
    answers = [observed(call, trial) for trial in trials]
    wrong = [i for i, each in enumerate(answers) if not alike(each, right[i], near)]
    if program is None or not wrong:
        return None
    until = process_time() + seconds
    known, more = list(zip(trials, right)), cache(partial(_more, call))
    telling = min(wrong, key=lambda i: answers[i] is None)  # wrong numbers say more than an error
    least, most = _matching(answers[telling], right[telling], near), _count(right[telling])

    def tried(*edits: Edit) -> int:
        """Return how many numbers of the telling trial are right; -1 without an answer."""
        edited = _edited(program, call, *edits)
        answer = edited and observed(edited, trials[telling])
        return -1 if answer is None else _matching(answer, right[telling], near)

    def mends(*edits: Edit) -> bool:
        edited = _edited(program, call, *edits)
        return edited is not None and all(
            alike(observed(edited, trial), answer, near) for trial, answer in (*known, *more())
        )

    units = _suspects(program, call)
    helping: list[tuple[int, int, Edit]] = []
    latest: Optional[Edit] = None
    for place, edit in enumerate(program.edits(units)):
        if process_time() > until:
            return latest and _written(latest)
        if latest and not _may_be_better(edit, latest):
            continue
        found = tried(edit)
        if found == most and mends(edit):
            latest, until = edit, min(until, process_time() + _LATER)
        elif found > least:
            helping.append((-found, place, edit))
    if latest:
        return _written(latest)
    for _, _, first in sorted(helping, key=lambda each: each[:2])[:_PAIRED]:
        for second in program.edits(units):
            if process_time() > until:
                return None
            if second.slot != first.slot and tried(first, second) == most and mends(first, second):
                return _written(first, second)
    return None


def _more(call: Adapted) -> list[tuple[Arguments, Any]]:
    """Return other calls, to reject repairs that are right by chance or break other cases."""
    if call.role.returns == "batches":
        return []
    rng, exact = Random(2), Adapted(call.role.program().run(), call.role, "lists")
    drawn = [call.role.drawn(Draw(rng)) for _ in range(_MORE)]
    own = [claim for claim in CLAIMS.values() if claim.role is call.role]
    boards = [board for claim in own for board in claim.boards if {*board} == {*drawn[0]}]
    boards = [board for board in boards if observed(call, board) is not None]
    return [(each, observed(exact, each)) for each in (*drawn, *boards)]


def _may_be_better(edit: Edit, found: Edit) -> bool:
    """Return whether an edit is on a later line, and more than another name there."""
    later = edit.unit == found.unit and edit.line > found.line
    return later and not isinstance(edit.new, ast.Name)


def _suspects(program: Program, call: Adapted) -> list[str]:
    """Return the units to edit: first those that are wrong alone, then unknown ones."""
    wrong, unknown = [], []
    for name in program.units:
        role = ROLES.get(name)
        function = program.namespace.get(name)
        if name == call.function.__name__ or role is None or not callable(function):
            unknown.append(name)
            continue
        own, right = adapted(function, role), Adapted(role.program().run(), role, "lists")
        if not all(alike(observed(own, t), observed(right, t)) for t in role.trials()[:8]):
            wrong.append(name)
    return [*wrong, *unknown]


def _edited(program: Program, call: Adapted, *edits: Edit) -> Optional[Adapted]:
    try:
        function = program.run(*edits)
    except Exception:  # two edits may overlap, and an edit may not compile
        return None
    return Adapted(function, call.role, call.form)


def _written(*edits: Edit) -> Repair:
    first, *others = sorted(edits, key=lambda edit: edit.line)
    if others and first.statement is others[0].statement and not (first.moved or others[0].moved):
        before, _ = first.texts()
        with first.made():
            _, after = others[0].texts()
        return Repair(first.line, f"`{after}` instead of `{before}`")
    words = []
    for edit in (first, *others):
        before, after = edit.texts()
        change = f"`{after}` instead of `{before}`"
        if edit.moved == "out" or (not edit.moved and re.fullmatch(r"(.+) = \1", after)):
            change = f"`{before}` removed"
        elif edit.moved:
            change = f"`{before}` moved {edit.moved}"
        words.append(f"{change} (line {edit.line})" if others else change)
    return Repair(first.line, " and ".join(words))


def _count(value: Any) -> int:
    return len([*flat(value)])


def _matching(answer: Any, right: Any, near: Near) -> int:
    if answer is None:
        return 0
    pairs = zip(flat(answer), flat(right))
    same_length = _count(answer) == _count(right)
    return sum(alike(a, b, near) for a, b in pairs) if same_length else 0
