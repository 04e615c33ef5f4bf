"""How this repository's tests hold the engine to the claims of the teaching kit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings

from tinynn.teaching.claims import claim_named


def check(identifier: str, function: Callable[..., Any]) -> None:
    """Fail with the claim, its equation and the numbers, unless ``function`` keeps the claim.

    As many examples are tried as the profile of Hypothesis in use asks for.
    """
    __tracebackhide__ = True
    claim_named(identifier).check(function, max_examples=settings().max_examples)
