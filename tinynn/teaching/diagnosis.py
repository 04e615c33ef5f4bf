"""What a wrong answer looks like: known mistakes, tried against a student's own numbers.

A mistake is offered only if it gives the student's numbers in every trial call that can be
compared, if in several of these the right answer is another one, and if no second mistake does so
too. Otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Optional

from tinynn.teaching.adapt import Adapted, AnswerError, adapted, close, shape
from tinynn.teaching.judging import Claim, Counterexample, flat
from tinynn.teaching.mistakes import FAMILIES
from tinynn.teaching.mistakes.batches import batch_mistake
from tinynn.teaching.mistakes.common import LARGE, TEXTS, WITH_POWERS_OF_E
from tinynn.teaching.mistakes.family import Family
from tinynn.teaching.trials import trials

Numbers = dict[str, Any]


class Diagnosis(NamedTuple):
    """What a failure looks like: the name of a known mistake, and words on how to mend it."""

    mistake: str
    diagnosis: str


def diagnose(
    claim: Claim, function: Callable[..., Any], counterexample: Optional[Counterexample] = None
) -> Optional[Diagnosis]:
    """Return what a function that breaks a claim looks like, or None if no known mistake fits.

    >>> from tinynn.teaching.claims import claim_named
    >>> def uphill(v, gradient, eta):
    ...     return [v[j] + eta * gradient[j] for j in range(len(v))]
    >>> diagnose(claim_named("descent-step"), uphill).mistake
    'uphill'
    """
    call = function if isinstance(function, Adapted) else adapted(function, claim.role)
    role = claim.role.name
    names = [parameter.name for parameter in claim.role.parameters]
    arguments = []
    if counterexample is not None:
        arguments = [{name: counterexample.arguments[name] for name in names}]
    if _in_another_order(call):
        call_expected = claim.role.signature.split(" ->")[0]
        return Diagnosis("order", f"{TEXTS['order']} {call_expected}.")
    found = batch_mistake(claim.identifier, call) if role == "mini_batches" else None
    if found is not None:
        return Diagnosis(*found)
    if any(_forgetful(call, each) for each in (*arguments, claim.role.example.arguments)):
        return _common("remembers")
    if role == "backprop" and _is_right_the_other_way_round(call):
        return _common("swapped")
    family = FAMILIES.get(role)
    if family is None:
        return None
    trial_calls = [each for each in trials(role) if each not in arguments] + arguments
    answers = [_answer(call, each) for each in trial_calls]
    right = [outcome(family, (), each) for each in trial_calls]
    if counterexample is not None and _overflows(role, counterexample, answers[:-1], right[:-1]):
        return _common("overflow")
    for candidates in family.candidates():
        fitting = []
        for mistakes in candidates:
            wrong = [outcome(family, mistakes, each) for each in trial_calls]
            if fits(answers, wrong, right, family.least):
                fitting.append(mistakes)
        if fitting:
            return _told(family, fitting[0]) if len(fitting) == 1 else None
    return None


def _told(family: Family, mistakes: tuple[str, ...]) -> Diagnosis:
    texts = (family.texts[mistake] for mistake in mistakes)
    return Diagnosis(" and ".join(mistakes), " Also, ".join(texts))


def _common(mistake: str) -> Diagnosis:
    return Diagnosis(mistake, TEXTS[mistake])


def _in_another_order(call: Adapted) -> bool:
    """Whether the parameters bear the expected names, but stand in another order."""
    expected = [parameter.name for parameter in call.role.parameters]
    return call.parameters != expected and sorted(call.parameters) == sorted(expected)


def _forgetful(call: Adapted, arguments: Numbers) -> bool:
    first, second = _answer(call, arguments), _answer(call, arguments)
    return first is not None and second is not None and not alike(first, second)


def _is_right_the_other_way_round(call: Adapted) -> bool:
    """Whether the halves of a gradient are exchanged: the door says so."""
    for arguments in trials("backprop"):
        try:
            call(**arguments)
        except AnswerError as error:
            return "got (nabla_w, nabla_b)" in str(error)
        except (Exception, SystemExit):
            return False
    return False


def _answer(call: Adapted, arguments: Numbers) -> Any:
    """Return what the function gives in one call, as plain numbers; None if it gives nothing."""
    try:
        answer = call(**arguments)
        if callable(answer):
            return [answer(*bits) for bits in _all_bits(arguments)]
        return answer
    except (Exception, SystemExit):
        return None


def outcome(family: Family, names: tuple[str, ...], arguments: Numbers) -> Any:
    """Return what a family answers with these mistakes made; None where they break off."""
    try:
        return family.function(frozenset(names), **arguments)
    except (ArithmeticError, IndexError, ValueError):
        return None


def _all_bits(arguments: Numbers) -> list[tuple[int, ...]]:
    table = arguments["truth_table"]
    n = len(table).bit_length() - 1
    return [tuple(i >> (n - 1 - k) & 1 for k in range(n)) for i in range(len(table))]


def fits(answers: list[Any], wrong: list[Any], right: list[Any], least: int) -> bool:
    """Say whether a mistake explains the answers of a function, trial call by trial call.

    >>> fits([2.0, 4.0, 0.0], [2.0, 4.0, 0.0], [1.0, 2.0, 0.0], least=2)
    True
    """
    telling = 0
    for came, mistaken, expected in zip(answers, wrong, right):
        if mistaken is None:
            continue  # the mistake itself breaks here, as a transposed matrix may
        if came is None or not alike(came, mistaken):
            return False
        telling += not alike(mistaken, expected)
    return telling >= least


def alike(came: Any, expected: Any) -> bool:
    """Say whether two answers are the same, but for rounding."""
    return shape(came) == shape(expected) and close(came, expected, 1e-9, 1e-6)


def _overflows(
    role: str, counterexample: Counterexample, answers: list[Any], right: list[Any]
) -> bool:
    """Whether a power of e breaks at a large number only, and all is right at moderate ones."""
    error = counterexample.raised
    if role not in WITH_POWERS_OF_E or not isinstance(error, (OverflowError, AnswerError)):
        return False
    if isinstance(error, AnswerError) and "finite" not in str(error):
        return False
    if not any(abs(number) > LARGE for number in flat([*counterexample.arguments.values()])):
        return False
    return bool(answers) and all(a is not None and alike(a, r) for a, r in zip(answers, right))
