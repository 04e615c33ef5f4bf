"""Observations: the answer of a function to one call, as numbers to compare."""

from __future__ import annotations

from contextlib import suppress
from math import isfinite
from typing import Any

from tinynn.teaching.adapt import Adapted, AnswerError, close, plain, shape
from tinynn.teaching.roles import NEAR, Arguments, inputs_of

_SEEDS = 6
Near = tuple[float, float]  # the absolute and the relative tolerance of equal answers
# The observed facts about mini-batches, in the order of the values below.
FACTS = (
    "the sizes of the mini-batches",
    "every example is used exactly once",
    "no example is used twice",
    "the examples are shuffled",
    "the examples are not just reversed",
    "mini-batches mix examples that are not neighbours in the data",
    "the shuffle comes before the cut",
    "the mini-batches do not overlap",
    "the mini-batches differ",
    "each state of rng gives another order",
    "the same state of rng gives the same mini-batches",
    "the caller's list keeps its order",
    "the caller's list keeps all its examples",
    "the first example is moved too",
    "the last example is moved too",
)


def observed(call: Adapted, arguments: Arguments) -> Any:
    """Return a function's answer in plain numbers, or None if it has none.

    For a circuit, return its answers to all bits; for mini-batches, facts independent of chance.
    """
    try:
        if call.role.returns == "batches":
            return _of_batches(call, arguments)
        answer = call(**arguments)
        if call.role.returns == "circuit":
            return [answer(*bits) for bits in inputs_of(arguments["truth_table"])]
        return answer
    except AnswerError:
        with suppress(Exception):  # a list may contain itself
            return _numbers(plain(call.given))  # its shape is not that of the right answer
        return None
    except (Exception, SystemExit):
        return None


def _numbers(answer: Any) -> Any:
    """Return nested lists of finite numbers as floats, anything else as None."""
    if isinstance(answer, (list, tuple)):
        entries = [_numbers(each) for each in answer]
        return None if None in entries else entries
    return float(answer) if isinstance(answer, (int, float)) and isfinite(answer) else None


def nearness(call: Adapted) -> Near:
    """Return the absolute and the relative tolerance for answers of this function."""
    absolute, relative = call.role.near
    return max(absolute, call.rounding), max(relative, 256.0 * call.rounding)


def alike(got: Any, expected: Any, near: Near = NEAR) -> bool:
    """Return whether two answers are the same up to rounding."""
    if got is None or expected is None or isinstance(got, bool):
        return got is expected
    return shape(got) == shape(expected) and close(got, expected, *near)


def _of_batches(call: Adapted, given: Arguments) -> list[Any]:
    """Return facts about an epoch that do not depend on its order."""
    examples, size = given["examples"], given["size"]
    epochs = [call(**{**given, "rng": seed}) for seed in range(_SEEDS)]
    left = [[int(number) for number in pair] for pair in call.handed["examples"]]
    batches = epochs[0]
    used = [[example for batch in epoch for example in batch] for epoch in epochs]
    cut = [examples[i : i + size] for i in range(0, len(examples), size)]
    groups = [sorted(map(sorted, epoch)) for epoch in epochs]
    moves = [not all(u and u[i] == examples[i] for u in used) for i in (0, -1)]
    facts = (
        [len(batch) for batch in batches],
        sorted(used[0]) == examples,
        len(set(used[0])) == len(used[0]),
        not all(each == examples for each in used),
        not all(each == examples[::-1] for each in used),
        not all(group == sorted(map(sorted, cut)) for group in groups),
        not all([set(b) for b in epoch] == [set(c) for c in cut] for epoch in epochs),
        not all(a[1:] == b[: len(a) - 1] for a, b in zip(batches, batches[1:])),
        not all(batch == batches[0] for batch in batches),
        not all(epoch == batches for epoch in epochs),
        call(**{**given, "rng": 0}) == batches,
        left == [list(pair) for pair in examples],
        len(left) == len(examples),
        *moves,
    )
    return [[float(n) for n in fact] if isinstance(fact, list) else float(fact) for fact in facts]
