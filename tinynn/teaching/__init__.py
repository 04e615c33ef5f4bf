"""The teaching kit: the book's claims as properties that anyone can point at their own code.

``tinynn.teaching.strategies`` draws vectors, matrices, networks and what they learn from;
``tinynn.teaching.claims`` holds each promise of the book as an object with a ``check``;
``check("bp2", function)`` is the same with a diagnosis; ``grade`` judges a whole file.
It needs Hypothesis: ``pip install hypothesis``. Nothing is imported before it is asked for, since
the process of a student's file needs neither the claims nor Hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinynn.teaching.adapt import AnswerError
    from tinynn.teaching.claims import CLAIMS, Claim, ClaimError, Counterexample, claim_named
    from tinynn.teaching.diagnosis import check
    from tinynn.teaching.grader import grade, grade_all
    from tinynn.teaching.strategies import Valley

_HOMES = {
    "AnswerError": "adapt",
    "check": "diagnosis",
    "CLAIMS": "claims",
    "Claim": "claims",
    "ClaimError": "claims",
    "Counterexample": "claims",
    "claim_named": "claims",
    "grade": "grader",
    "grade_all": "grader",
    "Valley": "strategies",
}

__all__ = [
    "CLAIMS",
    "AnswerError",
    "Claim",
    "ClaimError",
    "Counterexample",
    "Valley",
    "check",
    "claim_named",
    "grade",
    "grade_all",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
