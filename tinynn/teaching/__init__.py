"""The teaching kit: the book's claims as properties to test your own code with.

``tinynn.teaching.strategies`` draws vectors, matrices, networks and their examples;
``tinynn.teaching.claims`` contains each promise of the book as an object with a ``check``;
``check("bp2", function)`` does the same and adds a diagnosis; ``grade`` judges a whole file.
The kit needs Hypothesis: ``pip install hypothesis``. It imports its modules on first use, since
the process of a student's file needs neither the claims nor Hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinynn.teaching.adapt import AnswerError
    from tinynn.teaching.claims import CLAIMS, claim_named
    from tinynn.teaching.diagnosis import check
    from tinynn.teaching.grader import grade, grade_all
    from tinynn.teaching.judging import Claim, ClaimError, Counterexample
    from tinynn.teaching.strategies import Valley

_HOMES = {
    "adapt": ("AnswerError",),
    "claims": ("CLAIMS", "claim_named"),
    "diagnosis": ("check",),
    "grader": ("grade", "grade_all"),
    "judging": ("Claim", "ClaimError", "Counterexample"),
    "strategies": ("Valley",),
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
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
