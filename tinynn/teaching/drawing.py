"""What the claims of both chapters draw alike: plain lists of numbers, under names."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tinynn.teaching.strategies import numbers


@cache
def lists(size: int, bound: float = 10.0) -> st.SearchStrategy[list[float]]:
    """Return a strategy for so many numbers from -bound to bound; the same one again, for speed.

    >>> from hypothesis import find
    >>> find(lists(2), lambda v: True)
    [0.0, 0.0]
    """
    return st.lists(numbers(-bound, bound), min_size=size, max_size=size)


@st.composite
def vectors_named(draw: st.DrawFn, most: int, *names: str) -> dict[str, Any]:
    """Draw vectors of one size, under these names.

    >>> from hypothesis import find
    >>> find(vectors_named(4, "s", "t"), lambda drawn: True)
    {'s': [0.0], 't': [0.0]}
    """
    size = draw(st.integers(1, most))
    return {name: draw(lists(size)) for name in names}
