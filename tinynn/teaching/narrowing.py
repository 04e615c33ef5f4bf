"""Where a wrong function is right and where it is wrong: the report if no edit explains it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import add, ge, mul, sub
from typing import Any, Optional

from tinynn.teaching.adapt import Adapted, shape
from tinynn.teaching.judging import flat, in_words
from tinynn.teaching.observing import FACTS, Near, alike, nearness, observed
from tinynn.teaching.roles import Arguments, Role
from tinynn.teaching.wording import brief

_CLASS = 2  # the least number of right and of wrong trials that a condition must separate


class _Trials:
    """The trials of a wrong function: its answers, the right ones, and which answers are right."""

    def __init__(
        self,
        role: Role,
        calls: list[Arguments],
        answers: list[Any],
        right: list[Any],
        call: Adapted,
    ) -> None:
        self.role, self.call, self.near = role, call, nearness(call)
        self.calls, self.answers, self.right = calls, answers, right
        self.good = [alike(a, r, self.near) for a, r in zip(answers, right)]
        # of the trials with both answers: the answers, and their numbers if the shapes are right
        self.pairs = [(a, r) for a, r in zip(answers, right) if a is not None and r is not None]
        self.shaped = all(shape(a) == shape(r) for a, r in self.pairs)
        shaped = self.pairs if self.shaped else []
        self.numbers = [(float(x), float(y)) for a, r in shaped for x, y in zip(flat(a), flat(r))]


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
    of = _Trials(role, trials, answers, right, call)
    return next((words for words in (pattern(of) for pattern in _PATTERNS) if words), None)


def _facts(answers: list[Any], right: list[Any]) -> Optional[str]:
    """Return the first fact about mini-batches that is wrong, and how often; None if none is."""
    pairs = [(a, r) for a, r in zip(answers, right) if a is not None]
    for i, words in enumerate(FACTS):
        wrong = [not alike(a[i], r[i]) for a, r in pairs if i < min(len(a), len(r))]
        if any(wrong):
            often = "always" if all(wrong) else f"in {sum(wrong)} of {len(wrong)} trials"
            return f"{often} wrong: {words}."
    return None


def _shapes(of: _Trials) -> Optional[str]:
    pairs = [(a, r) for a, r in of.pairs if not isinstance(r, list) or len(r) > 1] or of.pairs
    if not pairs:
        return None
    if all(shape(a) != shape(r) for a, r in pairs):
        return _wrong_shapes(pairs)
    turned = [([*map(list, zip(*r))], a) for a, r in pairs if _is_matrix(r)]
    if turned and all(alike(t, a) for t, a in turned):
        return "rows and columns are swapped: the answer is transposed."
    backwards = [(a, r[::-1]) for a, r in pairs if isinstance(r, list)]
    if backwards and all(alike(a, b) for a, b in backwards):
        return "the numbers are right, but in reverse order."
    return None


def _wrong_shapes(pairs: list[tuple[Any, Any]]) -> str:
    listed = [(a, r) for a, r in pairs if isinstance(a, list) and isinstance(r, list)]
    if len(listed) == len(pairs) and all(len(a) == len(r) ** 2 for a, r in pairs):
        return "the answer has n · n numbers instead of n: is one loop inside another?"
    if all(isinstance(a, list) and len(a) == 1 and shape(a[0]) == shape(r) for a, r in pairs):
        return "the answer has one dimension too many: it is wrapped in another list."
    sizes = {len(a) - len(r) for a, r in listed}
    apart = sizes.pop() if len(sizes) == 1 and all(isinstance(r, list) for _, r in pairs) else 0
    if apart:
        few = f"{abs(apart)} {'entry' if abs(apart) == 1 else 'entries'}"
        return f"the answer always has {few} too {'many' if apart > 0 else 'few'}."
    got, expected = pairs[-1]
    shapes = f"expected {in_words(expected)}, got {in_words(got)}"
    return f"the answer never has the right shape: {shapes}."


def _plus(of: _Trials) -> Optional[str]:
    """Return a sentence if the answer is the right one plus, minus or times an argument."""
    trials = [(t, a, r) for t, a, r in zip(of.calls, of.answers, of.right) if a is not None]
    if len(trials) < 3 or not of.shaped:
        return None
    names = [parameter.name for parameter in of.role.parameters]
    for added in [*([name] for name in names), names[:2]]:
        for word, joined in _JOINED.items():
            if all(_is(joined, a, r, [t[n] for n in added], of.near) for t, a, r in trials):
                return f"the answer is the right one {word} {' and '.join(added)}."
    return None


_JOINED: dict[str, Callable[[float, float], float]] = {"plus": add, "minus": sub, "times": mul}


def _is(joined: Callable[..., float], got: Any, right: Any, given: list[Any], near: Near) -> bool:
    first, second, more = [*flat(got)], [*flat(right)], [*flat(given)]
    if len(first) != len(more) or not all(isinstance(each, (int, float)) for each in more):
        return False
    return alike(first, [joined(b, float(c)) for b, c in zip(second, more)], near)


def _factor(of: _Trials) -> Optional[str]:
    ratios = [a / r for a, r in of.numbers if abs(r) > 1e-9]
    if len(ratios) < 3 or len(of.numbers) < len(of.answers):
        return None
    same = all(_near(ratio, ratios[0]) for ratio in ratios) and not _near(ratios[0], 1.0)
    if same and all(abs(a) <= 1e-6 for a, r in of.numbers if abs(r) <= 1e-9):
        if _near(ratios[0], -1.0):
            return "the sign of every number is flipped: the absolute values are right."
        return f"every number is {brief(ratios[0])} times the right one, in all trials."
    offsets = [a - r for a, r in of.numbers]
    if all(_near(offset, offsets[0]) for offset in offsets):
        return f"every number differs from the right one by {brief(offsets[0])}, in all trials."
    if all(_near(abs(a), abs(r)) for a, r in of.numbers):
        return "the absolute value of every number is right, but not every sign."
    return None


def _always(of: _Trials) -> Optional[str]:
    if None in of.answers:
        return None
    given = {*flat(of.answers)}
    expected = {*flat([answer for answer in of.right if answer is not None])}
    if len(given) == 1 and len(of.answers) > _CLASS:
        return f"the answer is always {brief(given.pop())}, whatever the arguments are."
    if len(given) == 2 and len(expected) > 4:
        low, high = map(brief, sorted(given))
        return f"the answer is always {low} or {high}, whatever the arguments are."
    return None


def _halves(of: _Trials) -> Optional[str]:
    """Return whether ∂C/∂b, ∂C/∂w or both are wrong, and in which layers."""
    if of.role.returns != "gradient":
        return None
    pairs = [(a, r) for a, r in zip(of.answers, of.right) if isinstance(a, list) and len(r[0]) > 1]
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
    where = f": look at ({looked[-1]})" if looked else ""
    return f"{'; '.join(said)}{where}." if said else None


def _entries(of: _Trials) -> Optional[str]:
    """Return which entries of a vector, or rows of a matrix, are wrong."""
    returns = of.role.returns
    pairs = [(a, r) for a, r in zip(of.answers, of.right) if isinstance(r, list) and len(r) > 1]
    if returns not in ("vector", "matrix", "bits") or len(pairs) < 3:
        return None
    if not all(shape(a) == shape(r) for a, r in pairs):
        return None
    marks = [[alike(x, y) for x, y in zip(a, r)] for a, r in pairs]
    part, parts = ("row", "rows") if returns == "matrix" else ("entry", "entries")
    if returns == "bits":
        for i, (wrong, right) in enumerate((("sum", "carry"), ("carry", "sum"))):
            if all(mark[1 - i] for mark in marks):
                return f"the {wrong} is wrong; the {right} is right in all trials."
    if _repeats(a for a, _ in pairs) and not _repeats(r for _, r in pairs):
        return f"all {parts} of the answer are the same: is one list or number repeated?"
    patterns: list[tuple[str, Callable[[list[bool]], bool]]] = [
        (f"only the first {part} is wrong", lambda m: not m[0] and all(m[1:])),
        (f"only the last {part} is wrong", lambda m: not m[-1] and all(m[:-1])),
        (f"only the first {part} is right", lambda m: m[0] and not any(m[1:])),
        (f"only the last {part} is right", lambda m: m[-1] and not any(m[:-1])),
        (f"only one {part} is right", lambda m: sum(m) == 1),
    ]
    for words, holds in patterns:
        if all(holds(mark) for mark in marks):
            return f"{words}, in all trials with more than one."
    if returns == "matrix" and all(_is_right_on_its_diagonal(a, r) for a, r in pairs):
        return "only the entries with j = k are right."
    return None


def _repeats(answers: Iterable[list[Any]]) -> bool:
    return all(len({*map(str, answer)}) == 1 for answer in answers)


def _is_right_on_its_diagonal(got: Any, right: Any) -> bool:
    """Return whether the entries with j = k are right, and all others wrong."""
    rows = enumerate(zip(got, right))
    return all(alike(x, y) == (j == k) for j, row in rows for k, (x, y) in enumerate(zip(*row)))


def _divided(of: _Trials) -> Optional[str]:
    """Return a condition that holds in all right trials and no wrong one, or the reverse."""
    for words, held in _conditions(of):
        where = [good for good, holds in zip(of.good, held) if holds]
        elsewhere = [good for good, holds in zip(of.good, held) if not holds]
        if min(len(where), len(elsewhere)) >= _CLASS:
            if all(where) and not any(elsewhere):
                return f"right wherever {words}, and wrong everywhere else."
            if all(elsewhere) and not any(where):
                return f"wrong wherever {words}, and right everywhere else."
    return None


def _right_where(of: _Trials) -> Optional[str]:
    """Return the widest condition under which all trials are right."""
    conditions = [(sum(held), words, held) for words, held in _conditions(of)]
    right = [each for each in conditions if all(map(ge, of.good, each[2])) and each[0] > _CLASS]
    if not right or all(of.good):
        return None
    count, words, _ = max(right)
    return f"right in all {count} trials in which {words}; wrong in {of.good.count(False)} others."


def _conditions(of: _Trials) -> Iterator[tuple[str, list[bool]]]:
    """Yield conditions in words, each with the trials in which it holds."""
    for name, kind, *_ in of.role.parameters:
        for kinds, words, holds in _OF_KINDS:
            if kind in kinds:
                yield words.format(name), [bool(holds(trial[name])) for trial in of.calls]
    if all(isinstance(r, (int, float)) for r in of.right):
        yield "the answer is 0", [r == 0.0 for r in of.right]
        yield "the answer is above 0", [r > 0.0 for r in of.right]
        yield "the answer is above 1/2", [r > 0.5 for r in of.right]


def _is_square(rows: Any) -> bool:
    return len(rows) == len(rows[0])


def _has_equals(value: Any) -> bool:
    numbers = [*flat(value)]
    return len({*numbers}) < len(numbers)


_LISTS = ("vector", "rows", "matrix", "table", "curve", "valley")
_NUMBERS = ("vector", "rows", "matrix")
_ROWS, _LAYERS, _SINGLE = ("rows", "matrix"), ("matrices",), ("number", "count", "bit")
# What may be true of an argument of some kinds, in words for its name.
_OF_KINDS: list[tuple[tuple[str, ...], str, Callable[[Any], bool]]] = [
    (_LISTS, "{} has one entry", lambda value: len(value) == 1),
    (_LISTS, "{} has at most 2 entries", lambda value: len(value) <= 2),
    (_LISTS, "{} has at most 3 entries", lambda value: len(value) <= 3),
    (_LISTS, "{} has at most 4 entries", lambda value: len(value) <= 4),
    (_ROWS, "{} is square", _is_square),
    (_ROWS, "a row of {} has one entry", lambda rows: len(rows[0]) == 1),
    (_LAYERS, "there is no hidden layer", lambda layers: len(layers) == 1),
    (_LAYERS, "all layers have the same size", lambda layers: all(map(_is_square, layers))),
    (_LAYERS, "no layer has two neurons", lambda layers: all(len(w) == 1 for w in layers)),
    (_SINGLE, "{} is 0", lambda number: number == 0),
    (_SINGLE, "{} is 1", lambda number: number == 1),
    (_SINGLE, "{} is above 0", lambda number: number > 0),
    (_SINGLE, "{} is below 0", lambda number: number < 0),
    (_SINGLE, "{} is above 1", lambda number: number > 1),
    (_SINGLE, "{} is below 1", lambda number: number < 1),
    (_NUMBERS, "no number of {} is below 0", lambda value: min(flat(value)) >= 0.0),
    (_NUMBERS, "all numbers of {} are 0 or 1", lambda value: {*flat(value)} <= {0.0, 1.0}),
    (_NUMBERS, "all numbers of {} are different", lambda value: not _has_equals(value)),
    (_NUMBERS, "a number of {} is 0", lambda value: 0.0 in [*flat(value)]),
    (_NUMBERS, "two numbers of {} are equal", _has_equals),
    (("curve",), "the cost is a straight line", lambda curve: not any(curve[2:])),
]


def _unused(of: _Trials) -> Optional[str]:
    """Return a sentence if a parameter should change the student's answers but does not."""
    if of.role.returns == "circuit":
        return None
    model = Adapted(of.role.program().run(), of.role, "lists")
    for each in of.role.parameters:
        changes = 0
        for trial, answer, expected in list(zip(of.calls, of.answers, of.right))[:6]:
            moved = {**trial, each.name: _moved(trial[each.name])}
            if alike(observed(model, moved), expected):
                continue
            if not alike(observed(of.call, moved), answer, of.near):
                break
            changes += 1
        else:
            if changes >= 3:
                return f"the answer does not change with {each.name}: is it used?"
    return None


def _nearly(of: _Trials) -> Optional[str]:
    if not of.numbers or len(of.numbers) < len(of.answers):
        return None
    for digits in (6, 4, 3, 2, 1):
        width = 0.51 * 10.0**-digits
        if all(round(r, digits) == a or abs(a - r) <= width for a, r in of.numbers):
            asks = "is it rounded, or is a constant not exact?"
            return f"every number is within {brief(0.5 * 10.0**-digits)} of the right one: {asks}"
    return None


def _one_sided(of: _Trials) -> Optional[str]:
    pairs = [(a, r) for a, r in of.numbers if not _near(a, r)]
    if of.role.returns == "gradient" or len(pairs) < _CLASS:
        return None
    if of.role.returns in ("bit", "circuit") and len({*pairs}) == 1:
        got, expected = map(brief, pairs[0])
        return f"every wrong answer is {got} instead of {expected}; the others are right."
    for words, sign in (("large", 1.0), ("small", -1.0)):
        if all(sign * (a - r) > 0.0 for a, r in pairs):
            return f"every wrong number is too {words}, in {len(pairs)} places."
    return None


_PATTERNS = (
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
)


def _moved(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_moved(each) if i % 2 else each for i, each in enumerate([0.0, *value])][1:]
    return 1 - value if isinstance(value, int) and value in (0, 1) else value + type(value)(1)


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(b))


def _is_matrix(value: Any) -> bool:
    rows = value if isinstance(value, list) else []
    return bool(rows) and all(isinstance(r, list) and len(r) == len(rows[0]) for r in rows)
