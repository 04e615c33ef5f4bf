"""Chapter 4: any function from steps, bumps and towers, in networks built without training.

A bump between two steps can have any height, and many bumps side by side approximate any
continuous function. How fast the function changes determines how many are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from math import ceil, cos, exp, expm1, inf, isfinite, log, nan, sin
from typing import NamedTuple, Optional, Union

from tinynn.activations import RELU, SIGMOID, Activation, activation_named, sigmoid
from tinynn.errors import ArgumentError, DataError, ShapeError, require_count, require_positive
from tinynn.layers import Dense
from tinynn.layers.descriptions import Described
from tinynn.linalg import as_vector, finite_float
from tinynn.network import Network
from tinynn.notation import equation

CHAPTER_FORMULA = "0.2 + 0.4*x**2 + 0.3*x*sin(15*x) + 0.05*cos(50*x)"  # (113)
WINDOW = 0.05  # times a bump's width: this close to its place, a step is neither 0 nor 1
_TAIL = 0.001  # the largest distance of a step from 0 or 1 outside its window
_TOWER_TAIL = 1e-6  # the same for the steps of towers, whose errors h multiplies
_SPARE = 0.005  # the share of an error left for the distance of steps from 0 and 1
_FAR = (1e7, 3.1e7, 1e8, 7.7e8)  # inputs large enough to show a limit
_MOST = 10**9  # the most bumps

Modulus = Union[float, Callable[[float], float]]  # a Lipschitz constant K, or d → ω(d)


@equation("113", "f(x) = 0.2 + 0.4 x² + 0.3 x sin(15x) + 0.05 cos(50x)")
def chapter_function(x: float) -> float:
    """Return f(x) = 0.2 + 0.4 x² + 0.3 x sin(15x) + 0.05 cos(50x), equation (113).

    >>> chapter_function(0.0)
    0.25
    """
    finite_float(x, "x")
    return 0.2 + 0.4 * x * x + 0.3 * x * sin(15.0 * x) + 0.05 * cos(50.0 * x)


@equation("s", "s = -b / w", step_place="s")
def step_place(w: float, b: float) -> float:
    """Return s = -b / w, where σ(wx + b) is 1/2 and rises fastest: the step's place, (s).

    >>> step_place(100.0, -40.0)
    0.4
    """
    finite_float(w, "w")
    finite_float(b, "b")
    if w == 0.0:
        raise ArgumentError("w: expected a number other than 0: w = 0 makes a constant")
    return -b / w


@equation("b", "b = -w s", step_bias="b")
def step_bias(w: float, s: float) -> float:
    """Return b = -w s, the bias that places the step of σ(wx + b) at s, (b).

    >>> step_bias(1000.0, 0.25)
    -250.0
    """
    return -w * s


@equation(
    "bump",
    "h σ(w x - w s_1) - h σ(w x - w s_2)",
    first="s_1",
    last="s_2",
    height="h",
    rising="a_1",
    falling="a_2",
)
def bump(x: float, w: float, first: float, last: float, height: float) -> float:
    """Return h σ(w (x - s_1)) - h σ(w (x - s_2)): a bump of height h between two steps, (bump).

    >>> [round(bump(x, 1000.0, 0.4, 0.6, 0.7), 3) for x in (0.3, 0.4, 0.5, 0.6, 0.7)]
    [0.0, 0.35, 0.7, 0.35, 0.0]
    """
    rising = sigmoid(w * x + step_bias(w, first))
    falling = sigmoid(w * x + step_bias(w, last))
    return height * rising - height * falling


@equation("Σbump", "Σ_i h_i (σ(w x - w s_i) - σ(w x - w s_{i+1}))", places="s", heights="h")
def bumps_sum(x: float, w: float, places: Sequence[float], heights: Sequence[float]) -> float:
    """Return the sum of bumps with these heights, each between two neighbouring steps, (Σbump).

    Raises ShapeError unless there is one more place than heights.

    >>> round(bumps_sum(0.75, 1000.0, [0.0, 0.5, 1.0], [2.0, -1.0]), 3)
    -1.0
    """
    if len(places) != len(heights) + 1:
        given = f"{len(places)} for {len(heights)} heights"
        raise ShapeError(f"places: expected one more than heights, got {given}")
    total = 0.0
    for i in range(len(heights)):
        total += bump(x, w, places[i], places[i + 1], heights[i])
    return total


@equation("σ⁻¹", "σ⁻¹(y) = ln(y / (1 - y))", inverse_sigmoid="σ⁻¹")
def inverse_sigmoid(y: float) -> float:
    """Return σ⁻¹(y) = ln(y / (1 - y)), the weighted input for which the output is y, (σ⁻¹).

    Raises DataError unless 0 < y < 1, the range of a sigmoid neuron.

    >>> inverse_sigmoid(0.5), round(inverse_sigmoid(0.75), 4)
    (0.0, 1.0986)
    """
    if not 0.0 < finite_float(y, "y") < 1.0:
        raise DataError(f"y: expected a number between 0 and 1, got {y!r}: use a linear output")
    return log(y / (1.0 - y))


@equation("tower", "σ(h (bump in x + bump in y - 3/2))")
def tower(
    x: float,
    y: float,
    w: float,
    x_places: Sequence[float],
    y_places: Sequence[float],
    h: float,
) -> float:
    """Return σ(h (a + c - 3/2)) for the bumps a in x and c in y, of height 1: a tower, (tower).

    h (a + c - 3/2) is h/2 where both bumps are 1, -h/2 where one is, and -3h/2 where none is.

    >>> [round(tower(x, 0.5, 1000.0, [0.4, 0.6], [0.3, 0.7], 10.0), 3) for x in (0.5, 0.3)]
    [0.993, 0.007]
    """
    a = bump(x, w, x_places[0], x_places[1], 1.0)
    c = bump(y, w, y_places[0], y_places[1], 1.0)
    return sigmoid(h * (a + c - 1.5))


# Functions that may replace the sigmoid.


def limit(value: Callable[[float], float], side: float) -> Optional[float]:
    """Return the limit of a function at +∞ (side 1) or -∞ (side -1), or None if none is found.

    >>> from tinynn.activations import relu
    >>> limit(relu, -1), limit(relu, 1)
    (0.0, None)
    """
    seen = [value(side * far) for far in _FAR]
    if not all(map(isfinite, seen)) or max(seen) - min(seen) > 1e-6:
        return None
    return seen[0] + 0.0


def limits(value: Callable[[float], float]) -> Optional[tuple[float, float]]:
    """Return the limits of a function at -∞ and +∞, or None unless it has both.

    >>> from tinynn.activations import relu, tanh
    >>> limits(tanh), limits(relu)
    ((-1.0, 1.0), None)
    """
    low, high = limit(value, -1.0), limit(value, 1.0)
    return None if low is None or high is None else (low, high)


def may_replace_sigmoid(activation: Union[str, Activation]) -> bool:
    """Return whether neurons of this function make steps: its limits exist, and they differ.

    s(z) needs no other property: with a large w, s(wx + b) is close to one limit left of -b/w and
    to the other right of it, and the difference of two such steps is a bump.

    >>> [may_replace_sigmoid(name) for name in ("sigmoid", "tanh", "step", "relu", "linear")]
    [True, True, True, False, False]
    """
    found = limits(activation_named(activation).value)
    return found is not None and found[0] != found[1]


def wiggle(z: float) -> float:
    """Return σ(z) + 0.2 sin(10z) e^(-|z|), the chapter's neuron with a strange shape.

    >>> wiggle(0.0)
    0.5
    """
    return sigmoid(z) + 0.2 * sin(10.0 * z) * exp(-abs(z))


WIGGLE = Activation("wiggle", wiggle, lambda z: nan)  # no training needs it


class _Step(NamedTuple):
    """A step from 0 to 1 made of neurons of one kind: Σ share s(z + shift) - low."""

    low: float
    parts: tuple[tuple[float, float], ...]  # the shift and the share of each neuron


def _step_of(activation: Activation) -> _Step:
    """Return the step of this function. ReLU needs two: max(0, z + 1/2) - max(0, z - 1/2)."""
    if activation == RELU:
        return _Step(0.0, ((0.5, 1.0), (-0.5, -1.0)))
    found = limits(activation.value)
    if found is None or found[0] == found[1]:
        raise ArgumentError(
            f"activation: expected different limits at -∞ and +∞, such as those of sigmoid or "
            f"tanh, or relu, two of which make a step, got {activation.name}"
        )
    share = 1.0 / (found[1] - found[0])
    return _Step(found[0] * share, ((0.0, share),))


def neurons_of_a_step(activation: Union[str, Activation] = SIGMOID) -> int:
    """Return the number of hidden neurons of one step: 1, or 2 with ReLU.

    >>> neurons_of_a_step("tanh"), neurons_of_a_step("relu")
    (1, 2)
    """
    return len(_step_of(activation_named(activation)).parts)


# One input.


class Bumps(NamedTuple):
    """Bumps side by side: ``heights[i]`` between ``places[i]`` and ``places[i + 1]``."""

    places: list[float]
    heights: list[float]


def bumps_of(
    goal: Callable[[float], float], count: int, *, shift: float = 0.0, reach: float = 0.0
) -> Bumps:
    """Return bumps of width 1/count. The height of each is the goal in its middle.

    By default they are the book's N bumps, with steps at 0, 1/N, … 1. ``shift``, in widths of a
    bump, moves all of them to the left and adds one bump on the right. ``reach``, also in widths,
    extends the outermost two bumps beyond 0 and 1. A middle beyond 0 or 1 counts as 0 or 1.

    >>> bumps_of(lambda x: x, 4).heights
    [0.125, 0.375, 0.625, 0.875]
    >>> bumps_of(lambda x: x, 2, shift=0.5)
    Bumps(places=[-0.25, 0.25, 0.75, 1.25], heights=[0.0, 0.5, 1.0])
    """
    require_count("count", count)
    places = [(i - shift) / count for i in range(count + 1 + (shift > 0.0))]
    middles = [0.5 * (first + last) for first, last in zip(places, places[1:])]
    heights = [finite_float(goal(min(1.0, max(0.0, each))), "goal") for each in middles]
    places[0] -= reach / count
    places[-1] += reach / count
    return Bumps(places, heights)


def halves_of(goal: Callable[[float], float], count: int, parts: int = 2) -> list[Bumps]:
    """Return the repair: ``parts`` approximations of goal/parts, each shifted against the last.

    All but the first begin left of 0 and end right of 1, so that the ends of the goal are covered.

    >>> for half in halves_of(lambda x: 1.0, 2): print(half)
    Bumps(places=[0.0, 0.5, 1.0], heights=[0.5, 0.5])
    Bumps(places=[-0.25, 0.25, 0.75, 1.25], heights=[0.5, 0.5, 0.5])
    """
    require_count("parts", parts)
    found = [bumps_of(goal, count, shift=part / parts) for part in range(parts)]
    return [Bumps(places, [h / parts for h in heights]) for places, heights in found]


def bump_network(
    sets: Sequence[Bumps],
    w: float,
    activation: Union[str, Activation] = SIGMOID,
    output: str = "sigmoid",
) -> Network:
    """Return the network whose weighted output is the sum of all these bumps.

    Each bump has two hidden neurons, one per step: weight w, bias -w s, outgoing weights h and -h.
    With ReLU it has four. The bias of the output neuron is 0.

    >>> net = bump_network([Bumps([0.4, 0.6], [0.7])], 1000.0, output="linear")
    >>> net.sizes, round(net.feedforward([0.5])[0], 6)
    ((1, 2, 1), 0.7)
    """
    w = require_positive("w", w)
    hidden = activation_named(activation)
    biases, outgoing = [], []
    for places, heights in sets:
        for first, last, height in zip(places, places[1:], heights):
            for s, sign in ((first, 1.0), (last, -1.0)):
                for shift, share in _step_of(hidden).parts:
                    biases.append(step_bias(w, s) + shift)
                    outgoing.append(sign * share * height)
    weights = [[[w]] * len(biases), [outgoing]]
    layers: list[Described] = [1, Dense(len(biases), hidden), Dense(1, output)]
    return Network.from_parameters([biases, [0.0]], weights, layers=layers)


def bumps_needed(modulus: Modulus, error: float) -> int:
    """Return the least N for which the goal in each bump is within ``error`` of that in its middle.

    Within half a bump, 1/2N, a goal with the Lipschitz constant K changes by at most K/2N, and one
    with the modulus of continuity ω by at most ω(1/2N). So N = K/2ε, rounded up: half the error
    needs twice the bumps. Towers have the same N along each input, where K is the sum of both
    constants; half the error needs four times the N² towers.

    >>> bumps_needed(28.1, 0.2), bumps_needed(28.1, 0.1)
    (71, 141)
    >>> bumps_needed(lambda d: d**0.5, 0.1)
    50
    """
    error = require_positive("error", error)
    if not callable(modulus):
        if not 0.0 <= modulus < inf:
            raise ArgumentError(
                f"modulus: expected a Lipschitz constant of at least 0, got {modulus!r}"
            )
        if modulus / (2.0 * error) > _MOST:
            raise ArgumentError(f"error: {error!r} needs more than {_MOST:,} bumps")
        return max(1, ceil(modulus / (2.0 * error) - 1e-9))
    few, many = 0, 1
    while not modulus(0.5 / many) <= error:
        few, many = many, 2 * many
        if many > _MOST:
            raise ArgumentError(f"error: {error!r} needs more than {_MOST:,} bumps")
    while many - few > 1:
        middle = (few + many) // 2
        if modulus(0.5 / middle) <= error:
            many = middle
        else:
            few = middle
    return many


def change(modulus: Modulus, distance: float) -> float:
    """Return the largest change of a goal over a distance d: K d, or ω(d)."""
    return modulus(distance) if callable(modulus) else modulus * distance


def steepness(count: int, tail: float = _TAIL) -> float:
    """Return the w for which a step is within ``tail`` of 0 or 1 outside its window.

    A window extends by d = ``WINDOW`` times a bump's width to either side; σ(-w d) = tail.

    >>> round(steepness(5))
    691
    """
    return log(1.0 / tail - 1.0) * require_count("count", count) / WINDOW


def bound_outside(modulus: Modulus, largest: float, count: int, w: float) -> float:
    """Return a bound on |sum of N bumps - goal g| at every x outside the two end windows.

    The bound is ω(1/2N) + T. Proof: the sum is Σ_k (h_k - h_{k-1}) σ(w (x - s_k)) over all steps,
    with heights of 0 beyond the ends. Let u ≥ 0 be the distance from x to the nearest inner step
    s_k, and let x be right of it (the other side is symmetric). If all other steps were exactly 0
    or 1, the sum would be (1 - a) h_{k-1} + a h_k with a = σ(wu) ≥ 1/2, where h_{k-1} is g at a
    distance of 1/2N + u and h_k is g at a distance of 1/2N - u. If g has the Lipschitz constant K,
    the error is at most K ((1 - a)(1/2N + u) + a (1/2N - u)) = K (1/2N - u (2a - 1)) ≤ K/2N. The
    same holds for a concave ω. So the sum does not fail between two bumps: it passes from one
    height to the other. The other inner steps jump by at most ω(1/N). On both sides their distances
    are at least d = WINDOW/N, and 1/N more for each; their errors are at most e^(-w · distance).
    The two end steps jump by at most M = max |g|, at a distance of at least d. In total
    T = 2 e^(-wd) (M + ω(1/N) / (1 - e^(-w/N))).

    >>> round(bound_outside(28.0, 2.25, 70, 11200.0), 3)
    0.202
    """
    tail = exp(-w * WINDOW / count)
    jumps = change(modulus, 1.0 / count) / -expm1(-w / count)
    return change(modulus, 0.5 / count) + 2.0 * tail * (largest + jumps)


def bound_inside(
    modulus: Modulus, largest: float, count: int, w: float, end: float, parts: int = 1
) -> float:
    """Return a bound on |repaired sum - goal g| inside the window at an end.

    ``end`` is the largest |g| in that window. The bound is ω(1/2N) + T + end/2M for M ``parts``,
    with T as in ``bound_outside``. Proof: for 0 ≤ x ≤ d only the first of the M sets has its
    outermost step in the window. The others extend at least 1/MN ≥ d beyond it (M ≤ 1/WINDOW), so
    M times each of them is within ω(1/2N) + T of g. M times the first set is within T of a h_0
    with 1/2 ≤ a = σ(wx) ≤ 1, and |a h_0 - g| ≤ a |h_0 - g| + (1 - a) |g| ≤ ω(1/2N) + |g|/2. The
    repaired sum is the mean of these M sums, so the window adds |g|/2M: with one set half of the
    goal is missing at x = 0, with two halves a quarter.

    >>> round(bound_inside(28.0, 2.25, 70, 11200.0, 1.1, parts=2), 3)
    0.477
    """
    if not 1 <= require_count("parts", parts) <= 1.0 / WINDOW:
        raise ArgumentError(f"parts: expected at most {1.0 / WINDOW:g}, got {parts}")
    return bound_outside(modulus, largest, count, w) + end / (2.0 * parts)


class Goal(NamedTuple):
    """The goal for the weighted sum at the output neuron, its modulus and its largest size."""

    function: Callable[..., float]
    modulus: Modulus
    largest: float
    output: str  # the output neuron: linear, or sigmoid with the goal σ⁻¹∘f

    def tolerance(self, error: float) -> float:
        """Return the largest error allowed in the weighted sum: 4ε for a sigmoid, as σ' ≤ 1/4."""
        return require_positive("error", error) * (4.0 if self.output == "sigmoid" else 1.0)

    def at_output(self, off: float) -> float:
        """Return the largest error of the output for this error of the weighted sum.

        The error of a sigmoid output is at most 1.
        """
        most = 1.0 if self.output == "sigmoid" else inf
        return min(most, off / self.tolerance(1.0))


class Plan(NamedTuple):
    """The plan of a network: N bumps along each input, and the weights that make them sharp."""

    number: int
    w: float
    h: float = 0.0  # of towers


def plan_bumps(goal: Goal, error: Optional[float] = None, count: Optional[int] = None) -> Plan:
    """Return the number of bumps for an error and their w, or the w for a given number.

    T of ``bound_outside`` gets 1/200 of the error; the rest determines N.

    >>> plan_bumps(Goal(lambda x: x, 1.0, 1.0, "linear"), error=0.1).number
    6
    """
    tail = _TAIL
    if error is not None:
        off = goal.tolerance(error)
        count = bumps_needed(goal.modulus, (1.0 - _SPARE) * off)
        jumps = goal.largest + 1.01 * change(goal.modulus, 1.0 / count)
        tail = min(_TAIL, 0.5 * _SPARE * off / jumps) if jumps else _TAIL
    number = require_count("count", count)
    return Plan(number, steepness(number, tail))


# Two inputs.


class Grid(NamedTuple):
    """Towers side by side: ``heights[i][j]`` over x_places i, i + 1 and y_places j, j + 1."""

    x_places: list[float]
    y_places: list[float]
    heights: list[list[float]]


def towers_of(
    goal: Callable[[float, float], float], count: int, *, shift: float = 0.0, reach: float = 0.0
) -> Grid:
    """Return N times N towers. The height of each is the goal in its middle, as in ``bumps_of``.

    >>> towers_of(lambda x, y: x + 2 * y, 2).heights
    [[0.75, 1.75], [1.25, 2.25]]
    """
    columns = bumps_of(lambda x: x, count, shift=shift, reach=reach)
    middles = columns.heights
    heights = [[finite_float(goal(x, y), "goal") for y in middles] for x in middles]
    return Grid(columns.places, [*columns.places], heights)


def tower_halves_of(goal: Callable[[float, float], float], count: int) -> list[Grid]:
    """Return the repair of towers: two halves, the second shifted by half a bump in x and in y.

    >>> [grid.heights for grid in tower_halves_of(lambda x, y: 1.0, 1)]
    [[[0.5]], [[0.5, 0.5], [0.5, 0.5]]]
    """
    grids = [towers_of(goal, count, shift=shift) for shift in (0.0, 0.5)]
    return [Grid(x, y, [[0.5 * each for each in row] for row in rows]) for x, y, rows in grids]


def tower_network(
    grids: Sequence[Grid],
    w: float,
    h: float,
    activation: Union[str, Activation] = SIGMOID,
    output: str = "sigmoid",
) -> Network:
    """Return the network whose weighted output is the sum of these towers times their heights.

    The first hidden layer has the steps in x and y. In the book each tower has its own four
    neurons; here towers with a common edge share a step. The second hidden layer has a neuron for
    each tower, with the weights h, -h, h, -h and the bias -3h/2.

    >>> grid = Grid([0.4, 0.6], [0.3, 0.7], [[0.7]])
    >>> net = tower_network([grid], 1000.0, 30.0, output="linear")
    >>> net.sizes, [round(net.feedforward([0.5, y])[0], 4) for y in (0.5, 0.9)]
    ((2, 4, 1, 1), [0.7, 0.0])
    """
    w, h = require_positive("w", w), require_positive("h", h)
    hidden = activation_named(activation)
    step = _step_of(hidden)
    steps = [
        (axis, s) for grid in grids for axis in (0, 1) for s in (grid.x_places, grid.y_places)[axis]
    ]
    weights = [[w if k == axis else 0.0 for k in (0, 1)] for axis, _ in steps for _ in step.parts]
    biases = [step_bias(w, s) + shift for _, s in steps for shift, _ in step.parts]
    towers, tower_biases, outgoing = [], [], []
    raised, begin, many = 0.0, 0, len(step.parts)
    for grid in grids:
        y_begin = begin + many * len(grid.x_places)
        for i, row in enumerate(grid.heights):
            for j, height in enumerate(row):
                tower_row = [0.0] * len(biases)
                for at, sign in (
                    (begin + many * i, 1.0),
                    (begin + many * (i + 1), -1.0),
                    (y_begin + many * j, 1.0),
                    (y_begin + many * (j + 1), -1.0),
                ):
                    for part, (_, share) in enumerate(step.parts):
                        tower_row[at + part] += h * sign * share
                for shift, share in step.parts:
                    towers.append(tower_row)
                    tower_biases.append(-1.5 * h + shift)
                    outgoing.append(share * height)
                raised += step.low * height
        begin = y_begin + many * len(grid.y_places)
    layers: list[Described] = [
        2,
        Dense(len(biases), hidden),
        Dense(len(towers), hidden),
        Dense(1, output),
    ]
    numbers = [biases, tower_biases, [-raised]]
    return Network.from_parameters(numbers, [weights, towers, [outgoing]], layers=layers)


def bound_of_towers(modulus: Modulus, largest: float, plan: Plan) -> float:
    """Return a bound on |sum of N times N towers - goal| outside all windows.

    The bound is ω(1/2N) + T with T = (N + 1)² M t, t = e^(-h (1/2 - 4τ)), τ = e^(-wd), M = max |g|.
    Proof: if x and y are at least d away from every step, each step is within τ of 0 or 1. In x
    and in y, the bump around the point is from 1 - 2τ to 1, and any other bump is at most τ. So
    the tower around the point has a weighted input of at least h (1/2 - 4τ), and any other tower
    one of at most -h (1/2 - τ): each output is within t of 1 or 0. There are N² towers, or
    (N + 1)² if they are shifted. The height of the tower around the point is g at a place at most
    1/2N away in x and in y.

    >>> round(bound_of_towers(4.0, 1.0, Plan(10, 2800.0, 30.0)), 4)
    0.2
    """
    return change(modulus, 0.5 / plan.number) + _other_towers(largest, plan)


def _other_towers(largest: float, plan: Plan) -> float:
    number, w, h = plan
    t = exp(-h * (0.5 - 4.0 * exp(-w * WINDOW / number)))
    return (number + 1) * (number + 1) * largest * t


def bound_of_towers_inside(modulus: Modulus, largest: float, plan: Plan, parts: int = 1) -> float:
    """Return a bound on |sum of towers - goal| everywhere, for one set or two halves.

    The bound is ω(1/2N + d) + M/parts + 3 T + 6 τ h M for 1 or 2 parts, with T, τ, M as in
    ``bound_of_towers``. Proof: the bumps in x are at least 0, and their sum is σ(w (x - s_0)) -
    σ(w (x - s_N)) ≤ 1; the same holds in y. The weighted inputs of two towers in different columns
    add up to at most h (1 + 2 - 3) = 0, and so do those of two in different rows: the sum of the
    two outputs is at most 1. Let a_1 ≥ a_2 and c_1 ≥ c_2 be the two largest bumps in x and in y.
    Then a_2 + c_2 ≤ 1, and (a_1 + c_2) + (a_2 + c_1) ≤ 2. So two of the four towers over them have
    a weighted input of at most -h/2; any other tower has a bump of at most τ and a weighted input
    of at most -h (1/2 - τ). Two outputs remain, with a sum from 0 to 1; their heights are g at
    places at most 1/2N + d away. All other outputs are at most t. The error of one set is at most
    ω(1/2N + d) + |g| + 3 T.

    Two halves: the second is shifted by half a bump, so no point is near steps in x and y of one
    half and also near a step of the other in both. Where one half fails, x or y, or both, lie in
    the middle between two steps of the other half. Its border is beyond 0 and 1, so its error is
    at most ω(1/2N + d) + 3 T + 6 τ h M: along an edge the weighted inputs of the two towers add up
    to at least -6 τ h, and the two outputs to at least 1 - 6 τ h. The error of the mean of both is
    at most ω(1/2N + d) + |g|/2 + 3 T + 6 τ h M.

    >>> round(bound_of_towers_inside(4.0, 1.0, Plan(10, 2800.0, 30.0), parts=2), 3)
    0.72
    """
    if require_count("parts", parts) > 2:
        raise ArgumentError(f"parts: expected 1 or 2, got {parts}")
    number, w, h = plan
    edge = 6.0 * exp(-w * WINDOW / number) * h * largest
    near = change(modulus, (0.5 + WINDOW) / number)
    return near + largest / parts + 3.0 * _other_towers(largest, plan) + edge


def plan_towers(goal: Goal, error: Optional[float] = None, count: Optional[int] = None) -> Plan:
    """Return the number of bumps along x and y for an error, with w and h.

    >>> plan_towers(Goal(lambda x, y: x * y, 2.0, 1.0, "linear"), error=0.1).number
    11
    """
    off = 0.0
    if error is not None:
        off = goal.tolerance(error)
        count = bumps_needed(goal.modulus, (1.0 - _SPARE) * off)
    number = require_count("count", count)
    spare = _SPARE * off or _TAIL
    towers = (number + 1) * (number + 1)
    h = log(max(2.0, towers * goal.largest / spare)) / (0.5 - 4.0 * _TOWER_TAIL)
    return Plan(number, steepness(number, _TOWER_TAIL), h)


# Several outputs, and the outputs of networks with only some of their bumps.


def glued(networks: Sequence[Network]) -> Network:
    """Return one network with the outputs of all these networks, on the same inputs.

    It has the neurons of all of them. Weights between neurons of different networks are 0.

    >>> one = bump_network([Bumps([0.0, 0.5], [0.7])], 1000.0, output="linear")
    >>> two = bump_network([Bumps([0.0, 1.0], [0.2])], 1000.0, output="linear")
    >>> [round(a, 6) for a in glued([one, two]).feedforward([0.25])]
    [0.7, 0.2]
    """
    if not networks or len({(net.sizes[0], net.num_layers) for net in networks}) > 1:
        raise ShapeError("networks: expected the same number of inputs and layers in each")
    kinds = [
        [net.layer(l).description.activation for l in range(2, net.num_layers + 1)]
        for net in networks
    ]
    if any(kind != kinds[0] for kind in kinds):
        raise ShapeError("networks: expected the same activation functions in each")
    biases, weights = [], []
    for layer in range(networks[0].num_layers - 1):
        before = 0
        wide = sum(net.weights[layer].shape[1] for net in networks)
        rows: list[list[float]] = []
        for net in networks:
            own = net.weights[layer].shape[1]
            for row in net.weights[layer].rows:
                left_out = [0.0] * (wide - own - before)
                rows.append(row if layer == 0 else [0.0] * before + row + left_out)
            before += own
        weights.append(rows)
        biases.append([b for net in networks for b in net.biases[layer]])
    described = [Dense(len(b), kind) for b, kind in zip(biases, kinds[0])]
    layers: list[Described] = [networks[0].sizes[0], *described]
    return Network.from_parameters(biases, weights, layers=layers)


def course(network: Network, x: Sequence[float], each: int) -> list[float]:
    """Return the output with only the first 0, 1, 2 … bumps of ``each`` neurons each.

    >>> net = bump_network([Bumps([0.0, 0.5, 1.0], [0.7, 0.2])], 1000.0, output="linear")
    >>> [round(a, 6) for a in course(net, [0.75], 2)]
    [0.0, 0.0, 0.2]
    """
    L = network.num_layers
    passed = network.forward(as_vector("x", x, network.sizes[0]))
    w, a = network.weights[L - 2].rows[0], passed[L - 1].a.entries
    total, outputs = network.biases[L - 2][0], []
    value = passed[L].function.value
    for k in range(0, len(w) + 1, each):
        outputs.append(value(total))
        for neuron in range(k, min(k + each, len(w))):
            total += w[neuron] * a[neuron]
    return outputs


# Measuring the error.


class Measured(NamedTuple):
    """The largest errors found: outside all windows and inside them, with their places."""

    outside: float
    inside: float
    outside_at: tuple[float, ...]
    inside_at: tuple[float, ...]


def in_a_window(x: float, number: int, halves: bool = False) -> bool:
    """Return whether x is within ``WINDOW`` of a bump's width of one of the places 0, 1/N, … 1.

    With ``halves``, or of one of those halfway between.

    >>> [in_a_window(x, 5) for x in (0.0, 0.205, 0.22, 0.3)]
    [True, True, False, False]
    """
    along = x * number * (1 + halves)
    return abs(along - round(along)) < WINDOW * (1 + halves)


def _probed(number: int, n: int) -> list[float]:
    """Return places along one of n inputs: evenly spaced, and some in the windows of steps."""
    most, even = 2, 3 if number > 16 else 6
    if n == 1:  # fewer if n is 2, where an output takes longer
        most, even = max(8, min(80, 8000 // number)), max(40, min(400, 40000 // number))
    steps = {*range(0, number + 1, max(1, number // most)), 0, number}
    near = [(k + WINDOW * part) / number for k in steps for part in (-1.1, -0.9, 0.0, 0.9, 1.1)]
    return [x for x in near if 0.0 <= x <= 1.0] + [i / even for i in range(even + 1)]


def _of_one_input(network: Network) -> Callable[..., float]:
    return lambda x: network.feedforward([x])[0]


def _of_two_inputs(network: Network) -> Callable[..., float]:
    """Return the output of a network of towers as a function of x and y.

    Each step is in x or in y. The sums that each x, and each y, adds to all towers are cached.
    """
    steps, towers, last = (network.weights[l].rows for l in range(3))
    step, value, output = (network.layer(l).description.activation.value for l in (2, 3, 4))
    some = [[(k, w) for k, w in enumerate(row) if w] for row in towers]

    @cache
    def added(axis: int, x: float) -> list[float]:
        a = [
            step(row[axis] * x + b) if row[axis] else 0.0
            for row, b in zip(steps, network.biases[0])
        ]
        return [sum([w * a[k] for k, w in each]) for each in some]

    def answer(x: float, y: float) -> float:
        z = zip(added(0, x), added(1, y), network.biases[1], last[0])
        total = sum([w * value(p + q + b) for p, q, b, w in z], network.biases[2][0])
        return float(output(total))

    return answer


def measured(
    f: Callable[..., float], network: Network, number: int, halves: bool = False
) -> Measured:
    """Return the largest errors of a network with one output, at a few hundred places.

    With two inputs a place is in a window if x or y is, in either half if there are two. The
    places include every corner where four towers meet.

    >>> net = bump_network([bumps_of(lambda x: 0.5, 5)], 700.0, output="linear")
    >>> measured(lambda x: 0.5, net, 5).inside
    0.25
    """
    n = network.sizes[0]
    along = _probed(number, n)
    places: list[tuple[float, ...]] = [(x,) for x in along]
    answer = _of_one_input(network) if n == 1 else _of_two_inputs(network)
    if n == 2:
        places = [(x, y) for x in along for y in along]
        for shift in (0.0, 0.5) if halves else (0.0,):
            steps = [(k - shift) / number for k in range(number + 2)]
            steps = [s for s in steps if 0.0 <= s <= 1.0]
            places += [(x, y) for x in steps for y in steps]
    found = {True: (0.0, (0.0,) * n), False: (0.0, (0.0,) * n)}
    for at in places:
        off = abs(answer(*at) - f(*at))
        inside = any(in_a_window(each, number, halves and n == 2) for each in at)
        found[inside] = max(found[inside], (off, at))
    (outside, outside_at), (inside_off, inside_at) = found[False], found[True]
    return Measured(outside, inside_off, outside_at, inside_at)
