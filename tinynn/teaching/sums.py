"""Sums written out as on a board, from numbers and their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def brief(number: float) -> str:
    """Return a number to six digits, with no point where it is whole.

    >>> brief(0.25), brief(-3.0), brief(2 / 3), brief(-0.0)
    ('0.25', '-3', '0.666667', '0')
    """
    return f"{number + 0.0:.6g}"


def terms(*factors: Sequence[float]) -> str:
    """Return Σ_k p_k q_k … with its numbers.

    >>> terms([6, 2], [1, 0.5])
    '(6)(1) + (2)(0.5)'
    """
    return " + ".join("".join(f"({brief(each)})" for each in product) for product in zip(*factors))


def row(numbers: Iterable[float]) -> str:
    """Return numbers in brackets, to six digits.

    >>> row([0.5, -1.0])
    '(0.5, -1)'
    """
    return f"({', '.join(map(brief, numbers))})"
