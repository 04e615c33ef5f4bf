"""A comparison of two numbers that explains itself when it fails."""

from __future__ import annotations


def close(came: float, expected: float, claim: str, tolerance: float = 1e-6) -> None:
    """Fail, with the claim and both numbers, unless they agree to ``tolerance``."""
    difference = abs(came - expected)
    assert difference <= tolerance * max(1.0, abs(expected)), (
        f"{claim}: the engine gives {came!r}, the cost itself says {expected!r}"
    )
