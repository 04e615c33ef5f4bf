"""The claims: each promise of the book as one object, to try on any function.

>>> from tinynn.equations import hidden_error
>>> claim_named("bp2").check(hidden_error)
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from tinynn.errors import ArgumentError
from tinynn.teaching.judging import Claim
from tinynn.teaching.lesson import claims_of
from tinynn.teaching.lessons import (
    backprop,
    convolving,
    improving,
    learning,
    neurons,
    universality,
    vanishing,
)
from tinynn.teaching.roles import Role

__all__ = ["CLAIMS", "ROLES", "Claim", "claim_named", "claims_about"]

ROLES: dict[str, Role] = {}
CLAIMS: dict[str, Claim] = {}
for _lesson in (neurons, learning, backprop, improving, universality, vanishing, convolving):
    _text = Path(str(_lesson.__file__)).with_suffix(".txt").read_text(encoding="utf-8")
    for _claim in claims_of(_text, _lesson.CODE, _lesson.JUDGES, ROLES):
        CLAIMS[_claim.identifier] = _claim


def claims_about(words: str) -> list[Claim]:
    """Return the claim with this identifier, or else the claims about this function or equation.

    >>> [claim.identifier for claim in claims_about("BP2")]
    ['bp2']
    >>> [claim.identifier for claim in claims_about("11")]
    ['descent-step', 'descent-decreases', 'descent-steepest']
    """
    wanted = words.strip().strip("()").lower()
    about = [
        claim
        for claim in CLAIMS.values()
        if wanted in (claim.role.name, *(number.lower() for number in claim.equations))
    ]
    return [claim_named(words)] if wanted in CLAIMS or not about else about


def claim_named(identifier: str) -> Claim:
    """Return the claim with this identifier; raise ArgumentError with similar ones if none has it.

    >>> claim_named("bp2").equations
    ('BP2',)
    >>> claim_named("pb2")
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: claim: expected one of `tinynn claims`, such as bp2, got 'pb2'
    """
    wanted = identifier.strip().lower()
    if wanted not in CLAIMS:
        near = get_close_matches(wanted, CLAIMS, 3, 0.5) or ["sigmoid-formula", "bp2"]
        expected = f"one of `tinynn claims`, such as {' or '.join(near)}"
        raise ArgumentError(f"claim: expected {expected}, got {identifier!r}")
    return CLAIMS[wanted]
