"""The laboratories as plain lines: neurons that learn side by side, and how wide z is spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tinynn.descent import Step
from tinynn.linalg import Vector
from tinynn.saturation import Moment
from tinynn.views.blocks import columns

LIMIT = 5.0  # beyond it σ'(z) is less than 0.007: the neuron is saturated
SLOPE = "σ'"
_ROWS = 6  # a line for every sixth of a run, and one for its beginning
_BALL_ROWS, _BALL_COSTS = 40, 10  # and of balls: v, which swings, and C
_HEIGHT = 6  # lines of a histogram
_EDGE = 60  # z from -60 to 60, in columns of 2

Runs = Sequence[tuple[str, Sequence[Moment]]]  # the name of a cost, and a neuron that learns by it

Balls = Sequence[tuple[float, Sequence[Step]]]  # μ, and the ball's steps as far as they are floats


def seen(numbers: Sequence[float], now: int, last: int, width: int) -> list[float]:
    """Return the number for each column up to now, where the whole width is up to the last.

    >>> seen([8, 4, 2, 1, 0.5], now=2, last=4, width=8)
    [8, 8, 4, 4, 2]
    """
    last = max(1, last)
    return [numbers[i * last // width] for i in range(width) if i * last <= now * width]


def _sampled(last: int, rows: int) -> list[int]:
    return sorted({last * row // rows for row in range(rows + 1)})


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
    for epoch in _sampled(last, _ROWS):
        now = [moments[epoch] for _, moments in runs]
        numbers = (f"{each.output:10.4f}{each.cost:9.4f}{each.slope:9.4f}  " for each in now)
        yield f"{epoch:5}{''.join(numbers)}".rstrip()


def ball_lines(balls: Balls, last: int) -> Iterator[str]:
    """Yield two tables: where each ball is, v, and its cost C; "out" is beyond the floats.

    >>> step = Step(0, Vector([1.0]), 0.5, Vector([1.0]), Vector([-0.1]))
    >>> for line in ball_lines([(0.0, [step]), (0.9, [step])], 0): print(line)
    v           μ=0     μ=0.9
        0         1         1
    <BLANKLINE>
    C           μ=0     μ=0.9
        0       0.5       0.5
    """
    places = [[step.v[0] for step in steps] for _, steps in balls]
    costs = [[step.cost for step in steps] for _, steps in balls]
    for name, numbers, rows in (("v", places, _BALL_ROWS), ("C", costs, _BALL_COSTS)):
        if name == "C":
            yield ""
        yield f"{name:<5}" + "".join(f"{f'μ={mu:g}':>10}" for mu, _ in balls)
        for now in _sampled(last, rows):
            there = (f"{each[now]:.3g}" if now < len(each) else "out" for each in numbers)
            yield f"{now:5}" + "".join(f"{each:>10}" for each in there)


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
