"""Where a wrong function is right and where it is wrong: the report if no edit explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Optional

from tinynn.teaching.adapt import Adapted, shape
from tinynn.teaching.judging import flat, in_words
from tinynn.teaching.observing import FACTS, alike, nearness, observed
from tinynn.teaching.roles import Arguments, Role
from tinynn.teaching.wording import brief

_CLASS = 2  # the least number of right and of wrong trials that a condition must separate


def narrowed(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return the most specific sentence that is true of all trials, or None.

    >>> from tinynn.teaching.adapt import adapted
    >>> from tinynn.teaching.claims import ROLES
    >>> role = ROLES["sigmoid_prime"]
    >>> call = adapted(lambda z: 3.0, role)
    >>> trials = role.trials()
    >>> right = [trial["z"] for trial in trials]
    >>> narrowed(role, trials, [3.0] * len(trials), right, call)
    'the answer is always 3, whatever the arguments are.'
    """
    if role.returns == "batches":
        return _facts(answers, right)
    for pattern in (
        _shapes,
        _plus,
        _factor,
        _always,
        _halves,
        _entries,
        _divided,
        _unused,
        _nearly,
        _one_sided,
        _right_where,
    ):
        words = pattern(role, trials, answers, right, call)
        if words is not None:
            return words
    return None


def _shapes(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    pairs = [(a, r) for a, r in zip(answers, right) if a is not None and r is not None]
    if not pairs:
        return None
    pairs = [(a, r) for a, r in pairs if not isinstance(r, list) or len(r) > 1] or pairs
    if all(shape(a) != shape(r) for a, r in pairs):
        if all(
            isinstance(a, list) and isinstance(r, list) and len(a) == len(r) ** 2 for a, r in pairs
        ):
            return "the answer has n · n numbers instead of n: is one loop inside another?"
        if all(isinstance(a, list) and len(a) == 1 and shape(a[0]) == shape(r) for a, r in pairs):
            return "the answer has one dimension too many: it is wrapped in another list."
        sizes = {len(a) - len(r) for a, r in pairs if isinstance(a, list) and isinstance(r, list)}
        if len(sizes) == 1 and all(isinstance(r, list) for _, r in pairs):
            (apart,) = sizes
            few = f"{abs(apart)} {'entry' if abs(apart) == 1 else 'entries'}"
            if apart:
                return f"the answer always has {few} too {'many' if apart > 0 else 'few'}."
        got, expected = pairs[-1]
        shapes = f"expected {in_words(expected)}, got {in_words(got)}"
        return f"the answer never has the right shape: {shapes}."
    turned = [(list(map(list, zip(*r))), a) for a, r in pairs if _is_matrix(r)]
    if turned and all(alike(t, a) for t, a in turned):
        return "rows and columns are swapped: the answer is transposed."
    backwards = [(a, r[::-1]) for a, r in pairs if isinstance(r, list)]
    if backwards and all(alike(a, b) for a, b in backwards):
        return "the numbers are right, but in reverse order."
    return None


def _facts(answers: list[Any], right: list[Any]) -> Optional[str]:
    """Return the first fact about mini-batches that is wrong."""
    pairs = [(a, r) for a, r in zip(answers, right) if a is not None]
    for i, words in enumerate(FACTS):
        wrong = [not alike(a[i], r[i]) for a, r in pairs if i < min(len(a), len(r))]
        if any(wrong):
            often = "always" if all(wrong) else f"in {sum(wrong)} of {len(wrong)} trials"
            return f"{often} wrong: {words}."
    return None


def _plus(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return words if the answer is the right one plus, minus or times an argument."""
    pairs = [(t, a, r) for t, a, r in zip(trials, answers, right) if a is not None]
    if len(pairs) < 3 or not all(shape(a) == shape(r) for _, a, r in pairs):
        return None
    for names in [(p.name,) for p in role.parameters] + [
        tuple(p.name for p in role.parameters[:2])
    ]:
        for word, joined in _JOINED.items():
            if all(_is(joined, a, r, [t[n] for n in names], nearness(call)) for t, a, r in pairs):
                return f"the answer is the right one {word} {' and '.join(names)}."
    return None


_JOINED: dict[str, Callable[[float, float], float]] = {
    "plus": lambda right, given: right + given,
    "minus": lambda right, given: right - given,
    "times": lambda right, given: right * given,
}


def _is(
    joined: Callable[[float, float], float],
    got: Any,
    right: Any,
    given: list[Any],
    near: tuple[float, float],
) -> bool:
    first, second, more = list(flat(got)), list(flat(right)), list(flat(given))
    if len(first) != len(more) or not all(isinstance(each, (int, float)) for each in more):
        return False
    return alike(first, [joined(b, float(c)) for b, c in zip(second, more)], near)


def _factor(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    pairs = _numbers(answers, right)
    ratios = [a / r for a, r in pairs if abs(r) > 1e-9]
    if len(ratios) < 3 or len(pairs) < len(answers):
        return None
    same = all(_near(ratio, ratios[0]) for ratio in ratios) and not _near(ratios[0], 1.0)
    if same and all(abs(a) <= 1e-6 for a, r in pairs if abs(r) <= 1e-9):
        if _near(ratios[0], -1.0):
            return "the sign of every number is flipped: the absolute values are right."
        return f"every number is {brief(ratios[0])} times the right one, in all trials."
    offsets = [a - r for a, r in pairs]
    if all(_near(offset, offsets[0]) for offset in offsets):
        return f"every number differs from the right one by {brief(offsets[0])}, in all trials."
    if all(_near(abs(a), abs(r)) for a, r in pairs):
        return "the absolute value of every number is right, but not every sign."
    return None


def _always(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    if None in answers:
        return None
    given = {number for answer in answers for number in flat(answer)}
    expected = {number for answer in right if answer is not None for number in flat(answer)}
    if len(given) == 1 and len(answers) > _CLASS:
        return f"the answer is always {brief(given.pop())}, whatever the arguments are."
    if len(given) == 2 and len(expected) > 4:
        low, high = map(brief, sorted(given))
        return f"the answer is always {low} or {high}, whatever the arguments are."
    return None


def _halves(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return which half of a gradient is wrong, and in which layers."""
    if role.returns != "gradient":
        return None
    pairs = [(a, r) for a, r in zip(answers, right) if isinstance(a, list) and len(r[0]) > 1]
    halves = all(len(a) == 2 and [*map(len, a)] == [*map(len, r)] for a, r in pairs)
    if len(pairs) < _CLASS or not halves:
        return None
    said, looked = [], []
    for half, name in enumerate(("∂C/∂b", "∂C/∂w")):
        marks = [[alike(x, y) for x, y in zip(a[half], r[half])] for a, r in pairs]
        first, last = not all(m[0] for m in marks), not all(m[-1] for m in marks)
        between = not all(all(m[1:-1]) for m in marks)
        if not (first or last or between):
            said.append(f"{name} is right in all trials")
            looked.append(("BP3", "BP4")[1 - half])
        elif first and not last and not between:
            said.append(f"{name} is wrong in layer 2 only")
        elif last and not first and not between:
            said.append(f"{name} is wrong in the output layer only")
        elif not last:
            said.append(f"{name} is right in the output layer and wrong in the hidden layers")
            looked.append("BP2")
    if not said:
        return None
    where = f": look at ({looked[-1]})" if looked else ""
    return f"{'; '.join(said)}{where}."


def _entries(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return which entries of a vector, or rows of a matrix, are wrong."""
    pairs = [(a, r) for a, r in zip(answers, right) if isinstance(r, list) and len(r) > 1]
    if role.returns not in ("vector", "matrix", "bits") or len(pairs) < 3:
        return None
    if not all(shape(a) == shape(r) for a, r in pairs):
        return None
    marks = [[alike(x, y) for x, y in zip(a, r)] for a, r in pairs]
    part = "entry" if role.returns != "matrix" else "row"
    if role.returns == "bits":
        for i, name in enumerate(("sum", "carry")):
            if all(mark[1 - i] for mark in marks):
                return f"the {name} is wrong; the {('carry', 'sum')[i]} is right in all trials."
    if _repeats(a for a, _ in pairs) and not _repeats(r for _, r in pairs):
        which = "entries" if role.returns != "matrix" else "rows"
        return f"all {which} of the answer are the same: is one list or number repeated?"
    patterns: list[tuple[str, Callable[[list[bool]], bool]]] = [
        (f"only the first {part} is wrong", lambda m: not m[0] and all(m[1:])),
        (f"only the last {part} is wrong", lambda m: not m[-1] and all(m[:-1])),
        (f"only the first {part} is right", lambda m: m[0] and not any(m[1:])),
        (f"only the last {part} is right", lambda m: m[-1] and not any(m[:-1])),
    ]
    for words, holds in patterns:
        if all(holds(mark) for mark in marks):
            return f"{words}, in all trials with more than one."
    if all(sum(mark) == 1 for mark in marks):
        return f"only one {part} is right, in all trials with more than one."
    if role.returns == "matrix":
        cells = [
            (j == k, alike(x, y))
            for a, r in pairs
            for j, (p, q) in enumerate(zip(a, r))
            for k, (x, y) in enumerate(zip(p, q))
        ]
        if all(same == diagonal for diagonal, same in cells):
            return "only the entries with j = k are right."
    return None


def _repeats(answers: Iterable[list[Any]]) -> bool:
    return all(len({*map(str, answer)}) == 1 for answer in answers)


def _divided(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return a condition that separates the right trials from the wrong ones."""
    good = [alike(a, r, nearness(call)) for a, r in zip(answers, right)]
    for words, name, holds in _conditions(role, right):
        kept = [(holds(t[name], i), g) for i, (t, g) in enumerate(zip(trials, good))]
        sides = [[g for held, g in kept if held], [g for held, g in kept if not held]]
        if min(map(len, sides)) >= _CLASS:
            where, elsewhere = sides
            if all(where) and not any(elsewhere):
                return f"right wherever {words}, and wrong everywhere else."
            if all(elsewhere) and not any(where):
                return f"wrong wherever {words}, and right everywhere else."
    return None


def _right_where(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return the widest condition under which all trials are right."""
    good = [alike(a, r, nearness(call)) for a, r in zip(answers, right)]
    found = []
    for words, name, holds in _conditions(role, right):
        kept = [g for i, (t, g) in enumerate(zip(trials, good)) if holds(t[name], i)]
        if all(kept) and len(kept) > _CLASS:
            found.append((len(kept), words))
    if not found or all(good):
        return None
    count, words = max(found)
    return f"right in all {count} trials in which {words}; wrong in {good.count(False)} others."


Holds = Callable[[Any, int], bool]  # of the value of a parameter, in trial i


def _conditions(role: Role, right: Sequence[Any]) -> Iterator[tuple[str, str, Holds]]:
    """Yield conditions: their words, their parameter, and a function that checks them."""
    for each in role.parameters:
        name = each.name
        for words, kinds, holds in _OF_KINDS:
            if each.kind in kinds:
                yield words.format(name), name, holds
    if all(isinstance(r, (int, float)) for r in right):
        name = role.parameters[0].name
        yield "the answer is 0", name, lambda _, i: bool(right[i] == 0.0)
        yield "the answer is above 0", name, lambda _, i: bool(right[i] > 0.0)
        yield "the answer is above 1/2", name, lambda _, i: bool(right[i] > 0.5)


def _at_most(n: int) -> Holds:
    return lambda value, _: len(value) <= n


def _compared(sign: float, bound: float) -> Holds:
    return lambda value, _: bool(sign * (value - bound) > 0.0)


_LISTS = ("vector", "rows", "matrix", "table", "curve", "valley")
_ROWS = ("rows", "matrix")
_SINGLE = ("number", "count", "bit")
_OF_KINDS: list[tuple[str, tuple[str, ...], Holds]] = [
    ("{} has one entry", _LISTS, _at_most(1)),
    *(("{} has at most " + f"{n} entries", _LISTS, _at_most(n)) for n in (2, 3, 4)),
    ("{} is square", _ROWS, lambda value, _: len(value) == len(value[0])),
    ("a row of {} has one entry", _ROWS, lambda value, _: len(value[0]) == 1),
    ("there is no hidden layer", ("matrices",), lambda value, _: len(value) == 1),
    (
        "all layers have the same size",
        ("matrices",),
        lambda value, _: all(len(w) == len(w[0]) for w in value),
    ),
    ("{} is 0", _SINGLE, lambda value, _: bool(value == 0)),
    ("{} is 1", _SINGLE, lambda value, _: bool(value == 1)),
    ("{} is above 0", _SINGLE, _compared(1.0, 0.0)),
    ("{} is below 0", _SINGLE, _compared(-1.0, 0.0)),
    ("{} is above 1", _SINGLE, _compared(1.0, 1.0)),
    ("{} is below 1", _SINGLE, _compared(-1.0, 1.0)),
    ("no number of {} is below 0", ("vector", *_ROWS), lambda value, _: min(flat(value)) >= 0.0),
    (
        "all numbers of {} are 0 or 1",
        ("vector", *_ROWS),
        lambda value, _: {*flat(value)} <= {0.0, 1.0},
    ),
    ("no layer has two neurons", ("matrices",), lambda value, _: all(len(w) == 1 for w in value)),
    (
        "all numbers of {} are different",
        ("vector", *_ROWS),
        lambda value, _: len({*flat(value)}) == len([*flat(value)]),
    ),
    ("a number of {} is 0", ("vector", *_ROWS), lambda value, _: 0.0 in [*flat(value)]),
    (
        "two numbers of {} are equal",
        ("vector", *_ROWS),
        lambda value, _: len({*flat(value)}) < len([*flat(value)]),
    ),
    ("the cost is a straight line", ("curve",), lambda value, _: not any(value[2:])),
]


def _unused(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    """Return words if a parameter should change the student's answers but does not."""
    program = role.program()
    if program is None or role.returns in ("batches", "circuit"):
        return None
    model = Adapted(program.run(), role, "lists")
    for each in role.parameters:
        changes = 0
        for trial, answer, expected in list(zip(trials, answers, right))[:6]:
            moved = {**trial, each.name: _moved(trial[each.name])}
            if alike(observed(model, moved), expected):
                continue
            if not alike(observed(call, moved), answer, nearness(call)):
                break
            changes += 1
        else:
            if changes >= 3:
                return f"the answer does not change with {each.name}: is it used?"
    return None


def _nearly(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    pairs = _numbers(answers, right)
    if not pairs or len(pairs) < len(answers):
        return None
    for digits in (6, 4, 3, 2, 1):
        if all(round(r, digits) == a or abs(a - r) <= 0.51 * 10.0**-digits for a, r in pairs):
            width = brief(0.5 * 10.0**-digits)
            asks = "is it rounded, or is a constant not exact?"
            return f"every number is within {width} of the right one: {asks}"
    return None


def _one_sided(
    role: Role, trials: list[Arguments], answers: list[Any], right: list[Any], call: Adapted
) -> Optional[str]:
    if role.returns == "gradient":
        return None
    pairs = [(a, r) for a, r in _numbers(answers, right) if not _near(a, r)]
    if len(pairs) < _CLASS:
        return None
    if role.returns in ("bit", "circuit") and len({*pairs}) == 1:
        got, expected = map(brief, pairs[0])
        return f"every wrong answer is {got} instead of {expected}; the others are right."
    for words, sign in (("large", 1.0), ("small", -1.0)):
        if all(sign * (a - r) > 0.0 for a, r in pairs):
            return f"every wrong number is too {words}, in {len(pairs)} places."
    return None


def _moved(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_moved(each) if i % 2 else each for i, each in enumerate([0.0, *value])][1:]
    return 1 - value if isinstance(value, int) and value in (0, 1) else value + type(value)(1)


def _numbers(answers: list[Any], right: list[Any]) -> list[tuple[float, float]]:
    pairs = [(a, r) for a, r in zip(answers, right) if a is not None and r is not None]
    if not all(shape(a) == shape(r) for a, r in pairs):
        return []
    return [(float(x), float(y)) for a, r in pairs for x, y in zip(flat(a), flat(r))]


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(b))


def _is_matrix(value: Any) -> bool:
    rows = value if isinstance(value, list) else []
    return bool(rows) and all(isinstance(r, list) and len(r) == len(rows[0]) for r in rows)
