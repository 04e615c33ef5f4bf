"""A function as bumps are added: ``python -m tinynn.views.bumps [picture.svg]``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple, Optional

from tinynn import universality
from tinynn.activations import ACTIVATIONS, RELU, Activation, sigmoid
from tinynn.equations.maps import in_maps
from tinynn.network import Network
from tinynn.universality import Measured
from tinynn.views.axes import Between
from tinynn.views.blocks import columns, sampled
from tinynn.views.curve import Curve
from tinynn.views.lines import Line, Page, text_of
from tinynn.views.maps import in_greys
from tinynn.views.pictures import GAP, PAIRED, Album, Way, gallery, greys

SMALLEST = (60, 20)  # columns and lines below which the curves are not worth drawing
_LEAST = 5  # lines for one output: three of the function, two of the error
_HIGHEST = 30  # lines of all, on a large terminal
_ACROSS, _SIDE = 240, 30  # places at which a curve is taken, and along each side of a heat map
_LINE_SIDE = 16  # and of a heat map in plain lines
_ROWS = 20  # of the table, from x = 0 to 1
_WIDTH, _HEIGHT = 60, 3  # of a step in plain lines
_AXES = "x runs to the right and y upwards, from 0 to 1"
_NOTHING = 1e-12  # what is smaller is rounding
_FROM_A_TENTH = 2.0 * 2.1972245773362196  # ln 9: σ(-ln 9) = 1/10, σ(ln 9) = 9/10


def nearly(number: float) -> float:
    """Return a number, or 0 where it is nothing but rounding.

    >>> nearly(0.5), nearly(-1.6e-38)
    (0.5, 0.0)
    """
    return number if abs(number) > _NOTHING else 0.0


class Made(NamedTuple):
    """One output that is made of bumps: at every place the function, and the outputs so far.

    ``outputs[i][k]`` is that of the network with k of its bumps at place i; ``shape`` is
    (1, places) or, with two inputs, (rows, columns), where the first row is y = 1.
    """

    name: str
    wanted: list[float]
    outputs: list[list[float]]
    shape: tuple[int, int]
    error: Optional[float] = None  # the one that was asked for

    @property
    def number(self) -> int:
        """How many bumps there are in the end."""
        return len(self.outputs[0]) - 1

    def after(self, bumps: int) -> list[float]:
        """Return the output at every place after so many bumps."""
        return [each[min(bumps, self.number)] for each in self.outputs]


def made(
    name: str,
    f: Callable[..., float],
    network: Network,
    activation: str,
    error: Optional[float] = None,
    lines: bool = False,
) -> Made:
    """Return what a network with one output makes of f, as its bumps or towers are added."""
    each = universality.neurons_of_a_step(activation)
    if network.sizes[0] == 1:
        places = [(i / _ACROSS,) for i in range(_ACROSS + 1)]
        shape, each = (1, len(places)), 2 * each
    else:
        side = _LINE_SIDE if lines else _SIDE
        middles = [(i + 0.5) / side for i in range(side)]
        places = [(x, y) for y in reversed(middles) for x in middles]  # type: ignore[misc]
        shape = side, side
    outputs = [universality.course(network, at, each) for at in places]
    return Made(name, [f(*at) for at in places], outputs, shape, error)


def made_lines(made: Made) -> Iterator[str]:
    """Yield a table of x, f(x), the network and the error; of two inputs, heat maps side by side.

    >>> for line in made_lines(Made("x", [0.0, 1.0], [[0.5, 0.25], [0.5, 0.75]], (1, 2))):
    ...     print(line)
         x      f(x)   network     error
      0.00    0.0000    0.2500     +0.25  ██████
      1.00    1.0000    0.7500     -0.25  ██████
    """
    answers = made.after(made.number)
    if made.shape[0] > 1:
        both = in_greys([*made.wanted, *answers], (2, *made.shape))
        drawn = gallery(both, ["f", "the network"], greys, [Way()], 80, gap=GAP)
        yield from (text_of(line).rstrip() for line in drawn.lines)
        low, high = (end(*made.wanted, *answers) for end in (min, max))
        yield f"{_AXES}; blank is {nearly(low):.3g}, █ is {nearly(high):.3g}"
        return
    last = len(answers) - 1
    off = [nearly(answer - wanted) for answer, wanted in zip(answers, made.wanted)]
    largest = max(map(abs, off)) or 1.0
    yield f"{'x':>6}{'f(x)':>10}{'network':>10}{'error':>10}"
    for i in sampled(last, _ROWS):
        bars = "█" * round(6 * abs(off[i]) / largest)
        numbers = f"{nearly(made.wanted[i]):10.4f}{nearly(answers[i]):10.4f}"
        numbers += f"{off[i]:+10.3g}" if off[i] else f"{0:10}"
        yield f"{i / last:6.2f}{numbers}  {bars}".rstrip()


@dataclass
class BumpLab(Page):
    """Functions and their networks after some of ``last`` bumps: curves, or heat maps."""

    title: str
    made: Sequence[Made]
    now: int
    last: int
    height: int = 24

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the outputs below each other."""
        yield [(self.title, "bold")]
        room = max(_LEAST, min(_HIGHEST, self.height - 2) // len(self.made) - 1)
        for made in self.made:
            bumps = min(made.number, self.now * made.number // max(1, self.last))
            answers = made.after(bumps)
            off = [abs(answer - wanted) for answer, wanted in zip(answers, made.wanted)]
            what = "bumps" if made.shape[0] == 1 else "towers"
            worst = f"largest error on the picture: {nearly(max(off)):.3g}"
            words = f"{bumps} of {made.number} {what}, {worst}  "
            yield [words, (f"f = {made.name}", "yellow")]
            if made.shape[0] == 1:
                yield from _curves(made, answers, off, width, room)
            else:
                yield from _maps(made, answers, off, width, coloured)


def _curves(
    made: Made, answers: Sequence[float], off: Sequence[float], width: int, room: int
) -> Iterator[Line]:
    """Yield the network as bars and the function as a line, and below them the error."""
    final, below = made.after(made.number), max(2, room // 4)
    ends = Between(min(0.0, *made.wanted, *final), max(*made.wanted, *final))
    bars = Curve(lambda _: ends, "blue", "", answers, len(answers), made.wanted)
    yield from bars.lines(width, room - below - 1)
    asked = ", and the line that it is to stay below" if made.error else ""
    yield [(f"the error{asked}", "dim")]
    errors = Between(0.0, 1.5 * made.error if made.error else max(*off, 1e-9))
    line = [made.error] * len(off) if made.error else []
    yield from Curve(lambda _: errors, "red", "", off, len(off), line).lines(width, below)


def _maps(
    made: Made, answers: Sequence[float], off: Sequence[float], width: int, coloured: bool
) -> list[Line]:
    """Return f and the network in the same greys, and where there is room the error in its own."""
    largest = max(off) or inf
    grids = in_greys([*made.wanted, *answers], (2, *made.shape))
    grids += in_maps([each / largest for each in off], 1, *made.shape)
    names = "f: x to the right, y up", "the network: lighter is larger", "the error"
    some = slice(0, 3 if width >= 3 * made.shape[1] + 4 else 2)
    named = [(name, "dim") for name in names[some]]
    gap = GAP if width >= 2 * made.shape[1] + GAP else 0
    return Album(grids[some], named, PAIRED, gap).lines(width, coloured)


class Construction(NamedTuple):
    """One way to build the network, how far off it is, and how far it is proved to be at most."""

    name: str
    hidden: int
    measured: Measured
    outside: Optional[float]
    inside: Optional[float]


def construction_lines(constructions: Sequence[Construction]) -> Iterator[str]:
    """Yield a table: hidden neurons, and the largest errors outside of the windows and inside.

    >>> seen = Measured(0.04, 0.14, (0.3,), (1.0,))
    >>> for line in construction_lines([Construction("none", 10, seen, 0.05, None)]): print(line)
    repair   hidden  error outside windows  error inside them
            neurons     seen   proved          seen   proved
    none         10     0.04     0.05          0.14        -  at 1
    """
    yield f"{'repair':9}{'hidden':>6}  error outside windows  error inside them"
    yield f"{'':8}{'neurons':>7}     seen   proved          seen   proved"
    for name, hidden, measured, outside, inside in constructions:
        numbers = f"{nearly(measured.outside):9.3g}{_proved(outside)}"
        numbers += f"     {nearly(measured.inside):9.3g}"
        at = " and ".join(f"{x:.4g}" for x in measured.inside_at)
        yield f"{name:<8}{hidden:7,}{numbers}{_proved(inside)}  at {at}"


def _proved(bound: Optional[float]) -> str:
    return f"{nearly(bound):9.3g}" if bound is not None else f"{'-':>9}"


def step_lines(w: float, s: float, width: int = _WIDTH) -> Iterator[str]:
    """Yield the step σ(w x + b) from x = 0 to 1, and how sharp it is."""
    b = universality.step_bias(w, s)
    sharp = f"it rises from 0.1 to 0.9 over 2 ln 9 / w = {_FROM_A_TENTH / w:.3g}"
    yield f"w = {w:g}, b = {b:g}: {sharp}"
    values = [sigmoid(w * (i + 0.5) / width + b) for i in range(width)]
    yield from _picture(values, "step")


def bump_lines(w: float, first: float, last: float, height: float) -> Iterator[str]:
    """Yield the bump of two steps from x = 0 to 1."""
    weights = f"outgoing weights {height:g} and {-height:g}"
    yield f"w = {w:g}, steps at {first:g} and {last:g}, {weights}"
    values = [universality.bump((i + 0.5) / _WIDTH, w, first, last, height) for i in range(_WIDTH)]
    yield from _picture(values, "bump")


def _picture(values: Sequence[float], what: str) -> Iterator[str]:
    """Yield values from 0 to 1 as upright bars, or say that none is there."""
    lines = [f"  {line}".rstrip() for line in columns(values, _HEIGHT)]
    yield from lines if any(lines) else [f"  the {what} lies outside 0 to 1"]


def activation_lines(w: float, first: float, last: float) -> Iterator[str]:
    """Yield each activation function with its limits, whether it may replace σ, and its bump."""
    yield f"{'neuron':<9}{'at -∞':>6}{'at +∞':>6}  {'steps':<6} two of them, s - s"
    for activation in (*ACTIVATIONS.values(), universality.WIGGLE):
        value = activation.value
        ends = [universality.limit(value, side) for side in (-1.0, 1.0)]
        shown = ["none" if end is None else f"{end:g}" for end in ends]
        verdict = "yes" if universality.may_replace_sigmoid(activation) else "no"
        drawn = "".join(columns(_difference(activation, w, first, last), 1))
        line = f"{activation.name:<9}{shown[0]:>6}{shown[1]:>6}  {verdict:<6} {drawn}"
        yield line.rstrip()
    low, high = universality.neurons_of_a_step(), universality.neurons_of_a_step(RELU)
    yield f"A step takes {low} neuron where s has both limits; of relu it takes {high}:"
    yield "max(0, z + 1/2) - max(0, z - 1/2) is 0 on the left and 1 on the right."
    yield "The chapter's neuron of strange shape, wiggle, is σ(z) + 0.2 sin(10z) e^(-|z|)."


def _difference(activation: Activation, w: float, first: float, last: float) -> list[float]:
    width = _WIDTH // 2
    s = activation.value
    places = [(i + 0.5) / width for i in range(width)]
    found = [s(w * (x - first)) - s(w * (x - last)) for x in places]
    largest = max(map(abs, found)) or 1.0
    return [each / largest for each in found]


if __name__ == "__main__":
    from tinynn.formulas import Formula, goal_of
    from tinynn.universality import CHAPTER_FORMULA, bump_network, bumps_of, plan_bumps
    from tinynn.views.picture import demo

    formula = Formula(CHAPTER_FORMULA)
    goal = goal_of(formula)
    plan = plan_bumps(goal, count=20)
    net = bump_network([bumps_of(goal.function, 20, reach=0.5)], plan.w)
    drawn = made(formula.text, formula, net, "sigmoid")
    demo(BumpLab("20 bumps", [drawn], 13, 20), "tinynn lab bumps")
