"""How numbers, calls and answers are written for a student, in every report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Optional

from tinynn.teaching.roles import Role


def written(value: Any, digits: int = 17) -> str:
    """Return numbers as on a blackboard, to this many digits: 0.5, -2, [1, 0.25].

    >>> written([1.0, -0.5]), written(1 / 3, 4), written([(1, 1)])
    ('[1, -0.5]', '0.3333', '[(1, 1)]')
    """
    if isinstance(value, list):
        return f"[{', '.join(written(each, digits) for each in value)}]"
    if isinstance(value, tuple):
        return f"({', '.join(written(each, digits) for each in value)})"
    if isinstance(value, float):
        shortest = repr(value) if digits >= 17 else f"{value:.{digits}g}"
        return "0" if value == 0.0 else shortest.removesuffix(".0")
    return str(value)


def call_written(role: Role, arguments: dict[str, Any]) -> str:
    """Return a call as it would be typed, without arguments that only the claim uses.

    >>> from tinynn.teaching.claims import ROLES
    >>> call_written(ROLES["sigmoid"], {"z": 0.5, "more": 1.0})
    'sigmoid(z = 0.5)'
    """
    kinds = {parameter.name: parameter.kind for parameter in role.parameters}
    texts = [
        f"{name} = {f'Random({value})' if kinds[name] == 'rng' else written(value)}"
        for name, value in arguments.items()
        if name in kinds
    ]
    return f"{role.name}({', '.join(texts)})"


def answers_written(
    role: Role, got: Any, expected: Any, difference: Optional[float]
) -> tuple[str, str]:
    """Return the actual and the expected answer to eight digits, or to all if those agree.

    Each half of a gradient gets its name; a missing answer is an empty string.

    >>> from tinynn.teaching.claims import ROLES
    >>> answers_written(ROLES["sigmoid"], 1 / 3, 0.5, 0.5 - 1 / 3)
    ('0.33333333', '0.5')
    >>> answers_written(ROLES["backprop"], [[[0.125]], [[[0.0]]]], None, None)
    ('nabla_b = [[0.125]], nabla_w = [[[0]]]', '')
    """
    digits = 17 if difference is not None and difference < 1e-6 else 8
    return _answer_written(role, got, digits), _answer_written(role, expected, digits)


def _answer_written(role: Role, answer: Any, digits: int) -> str:
    if answer is None:
        return ""
    if role.returns == "gradient" and isinstance(answer, list) and len(answer) == 2:
        nabla_b, nabla_w = (written(half, digits) for half in answer)
        return f"nabla_b = {nabla_b}, nabla_w = {nabla_w}"
    return written(answer, digits)


def brief(number: float) -> str:
    """Return a number to six digits, without a point if it is whole.

    >>> brief(0.25), brief(-3.0), brief(2 / 3), brief(-0.0)
    ('0.25', '-3', '0.666667', '0')
    """
    return f"{number + 0.0:.6g}"


def terms(*factors: Sequence[float]) -> str:
    """Return the terms p_k q_k … of a sum with their numbers.

    >>> terms([6, 2], [1, 0.5])
    '(6)(1) + (2)(0.5)'
    """
    return " + ".join("".join(f"({brief(each)})" for each in product) for product in zip(*factors))


def row(numbers: Iterable[float]) -> str:
    """Return numbers in parentheses, to six digits.

    >>> row([0.5, -1.0])
    '(0.5, -1)'
    """
    return f"({', '.join(map(brief, numbers))})"
