"""The teaching kit: the book's claims as properties that anyone can point at their own code.

``tinynn.teaching.strategies`` draws vectors, matrices, networks and what they learn from;
``tinynn.teaching.claims`` holds each promise of chapters 1 to 3 as an object with a ``check``;
``check("bp2", function)`` is the same with a diagnosis; ``grade`` judges a whole file.
Judging needs Hypothesis: ``pip install hypothesis``.
"""

from tinynn.teaching.adapt import AnswerError
from tinynn.teaching.claims import CLAIMS, Claim, ClaimError, Counterexample, claim_named
from tinynn.teaching.diagnosis import check
from tinynn.teaching.grader import grade

__all__ = [
    "CLAIMS",
    "AnswerError",
    "Claim",
    "ClaimError",
    "Counterexample",
    "check",
    "claim_named",
    "grade",
]
