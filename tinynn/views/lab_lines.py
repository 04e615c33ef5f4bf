"""The laboratories as plain lines: neurons that learn side by side, and how wide z is spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tinynn.linalg import Vector
from tinynn.saturation import Moment
from tinynn.views.blocks import columns

LIMIT = 5.0  # beyond it σ'(z) is less than 0.007: the neuron is saturated
SLOPE = "σ'"
_ROWS = 6  # a line for every sixth of a run, and one for its beginning
_HEIGHT = 6  # lines of a histogram
_EDGE = 60  # z from -60 to 60, in columns of 2

Runs = Sequence[tuple[str, Sequence[Moment]]]  # the name of a cost, and a neuron that learns by it


def start_of(runs: Runs) -> str:
    """Return the weight and the bias that these neurons begin with."""
    first = runs[0][1][0]
    return f"w = {first.w:g}, b = {first.b:g}"


def neuron_lines(runs: Runs) -> Iterator[str]:
    """Yield a table: output a, cost C and σ'(z) of each neuron, from the start to the last epoch.

    >>> moment = Moment(0, 0.6, 0.9, 0.8176, 0.3342, 0.1491)
    >>> for line in neuron_lines([("quadratic", [moment])]): print(line)
    w = 0.6, b = 0.9
           quadratic
    epoch         a        C       σ'
        0    0.8176   0.3342   0.1491
    """
    yield start_of(runs)
    yield " " * 7 + "".join(f"{name:<30}" for name, _ in runs).rstrip()
    yield "epoch" + "".join(f"{'a':>10}{'C':>9}{SLOPE:>9}  " for _ in runs).rstrip()
    last = len(runs[0][1]) - 1
    for epoch in sorted({last * row // _ROWS for row in range(_ROWS + 1)}):
        now = [moments[epoch] for _, moments in runs]
        numbers = (f"{each.output:10.4f}{each.cost:9.4f}{each.slope:9.4f}  " for each in now)
        yield f"{epoch:5}{''.join(numbers)}".rstrip()


def spread_lines(name: str, z: Vector) -> Iterator[str]:
    """Yield a histogram of z, its spread, and the share of neurons that are saturated."""
    spread = z.norm() / len(z) ** 0.5
    saturated = sum(abs(each) > LIMIT for each in z) / len(z)
    beyond = f"{100 * saturated:.0f} % of the neurons have |z| > {LIMIT:g}, where {SLOPE} < 0.007"
    yield f"{name}: the spread of z is {spread:.2f}"
    yield beyond
    counts = Counter(max(-_EDGE, min(_EDGE, 2 * round(each / 2))) for each in z)
    heights = [counts[place] for place in range(-_EDGE, _EDGE + 1, 2)]
    for line in columns(heights, _HEIGHT, max(heights)):
        yield f"     {line}".rstrip()
    yield "".join(f"{place:^10}" for place in range(-_EDGE, _EDGE + 1, 20)).rstrip()
