"""What a family of mistakes is: a function that can be right, or wrong in one way or two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, NamedTuple


class Family(NamedTuple):
    """The known mistakes in a function of one role.

    ``function`` takes the names of the mistakes to make (none: it is right), then the role's
    arguments in plain numbers. ``texts`` says of each mistake what it looks like and how to mend
    it. ``least`` is how many trial calls must tell a mistake from the right answer; ``pairs``
    whether two mistakes at once are tried, which a table of bits could not tell apart.
    """

    role: str
    function: Callable[..., Any]
    texts: dict[str, str]
    least: int = 3
    pairs: bool = True

    def candidates(self) -> Iterator[list[tuple[str, ...]]]:
        """Yield all single mistakes, then all pairs of them.

        >>> list(Family("cost", abs, {"no-half": "…", "absolute": "…"}).candidates())
        [[('no-half',), ('absolute',)], [('no-half', 'absolute')]]
        """
        yield [(name,) for name in self.texts]
        if self.pairs:
            yield list(combinations(self.texts, 2))


Wrong = frozenset[str]
