"""The search for counterexamples: Hypothesis draws arguments and shrinks the failing ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import find as hypothesis_find
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from tinynn.teaching.roles import BOUNDS, Arguments, Draw
from tinynn.teaching.strategies import halves, numbers

_NUMBERS = {name: numbers(*bounds) for name, bounds in BOUNDS.items()}
_NUMBERS.update(half=halves(), pixel=st.integers(0, 4).map(lambda quarters: quarters / 4.0))


class _Drawn(Draw):
    """A source of arguments that Hypothesis draws."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def whole(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def number(self, domain: str = "real") -> float:
        return self.draw(_NUMBERS[domain])

    def layers(self, most: int) -> list[int]:
        return self.draw(st.lists(st.integers(1, most), min_size=2, max_size=4))


@st.composite
def _calls(draw: st.DrawFn, make: Callable[[Draw], Arguments]) -> Arguments:
    return make(_Drawn(draw))


def find(
    make: Callable[[Draw], Arguments], breaks: Callable[[Arguments], bool], max_examples: int
) -> None:
    """Search for arguments that break a claim; the last ones tried are the smallest."""
    own = settings(
        max_examples=max_examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
        print_blob=False,
    )
    with suppress(NoSuchExample, Flaky):  # for a flaky function, the last finding counts
        hypothesis_find(_calls(make), breaks, settings=own)
