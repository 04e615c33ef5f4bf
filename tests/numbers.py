"""A comparison of two numbers that explains itself when it fails."""

from __future__ import annotations


def close(found: float, expected: float, claim: str, tolerance: float = 1e-6) -> None:
    """Fail, with the claim and both numbers, unless they agree to ``tolerance``."""
    difference = abs(found - expected)
    assert difference <= tolerance * max(1.0, abs(expected)), (
        f"{claim}: the engine returns {found!r}, expected {expected!r}"
    )
