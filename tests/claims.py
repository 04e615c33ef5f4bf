"""The check of the engine against the claims of the teaching kit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings

from tinynn.teaching.claims import claim_named


def check(identifier: str, function: Callable[..., Any]) -> None:
    """Check a claim for ``function``; fail with the claim, its equation and the numbers.

    The number of examples is that of the current Hypothesis profile.
    """
    __tracebackhide__ = True
    claim_named(identifier).check(function, max_examples=settings().max_examples)
