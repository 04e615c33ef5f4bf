"""Numbers for the tests: strategies of moderate size, and a comparison that explains itself."""

from __future__ import annotations

from hypothesis import strategies as st

from tinynn import Matrix, Vector

moderate = st.floats(-3.0, 3.0, allow_subnormal=False)


def vectors(size: int) -> st.SearchStrategy[Vector]:
    """Vectors of ``size`` numbers from -3 to 3."""
    return st.lists(moderate, min_size=size, max_size=size).map(Vector)


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    """Matrices of ``rows``×``columns`` numbers from -3 to 3."""
    row = st.lists(moderate, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows).map(Matrix)


def close(came: float, expected: float, claim: str, tolerance: float = 1e-6) -> None:
    """Fail, with the claim and both numbers, unless they agree to ``tolerance``."""
    difference = abs(came - expected)
    assert difference <= tolerance * max(1.0, abs(expected)), (
        f"{claim}: the engine gives {came!r}, the cost itself says {expected!r}"
    )
