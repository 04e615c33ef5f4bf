"""The teaching kit: the book's claims as properties that anyone can point at their own code.

``tinynn.teaching.strategies`` draws vectors, matrices, networks and what they learn from;
``tinynn.teaching.claims`` holds each promise of chapters 1 and 2 as an object with a ``check``;
``check("bp2", function)`` is the same with a diagnosis; ``grade`` judges a whole file.
It needs Hypothesis: ``pip install hypothesis``.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401
except ImportError:
    raise ImportError("tinynn.teaching needs Hypothesis: pip install hypothesis") from None

from tinynn.teaching.adapt import AnswerError
from tinynn.teaching.checking import check
from tinynn.teaching.claims import CLAIMS, Claim, ClaimError, Counterexample, claim_named
from tinynn.teaching.grader import grade
from tinynn.teaching.strategies import Valley

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
]
