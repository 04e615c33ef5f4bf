"""Chapter 4: any function from steps, bumps and towers, in networks without training."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import cos, log, sin
from random import Random
from typing import Optional

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.claims import check
from tinynn import ArgumentError, DataError, Dense, Network, ShapeError, Vector
from tinynn.activations import Activation, sigmoid
from tinynn.stepper import record
from tinynn.teaching.lessons.universality import (
    bumps_enough,
    even_bumps,
    relu_step,
    tower_bias,
)
from tinynn.universality import (
    WIGGLE,
    WINDOW,
    Bumps,
    Goal,
    bound_inside,
    bound_of_towers,
    bound_of_towers_inside,
    bound_outside,
    bump,
    bump_network,
    bumps_needed,
    bumps_of,
    bumps_sum,
    chapter_function,
    course,
    glued,
    halves_of,
    in_a_window,
    inverse_sigmoid,
    limits,
    may_replace_sigmoid,
    measured,
    plan_bumps,
    plan_towers,
    steepness,
    step_bias,
    step_place,
    tower,
    tower_halves_of,
    tower_network,
    towers_of,
)

pytestmark = pytest.mark.ch4
PLACES = [i / 97 for i in range(98)]
SHARP = ("sigmoid", "tanh", "relu")


def ragged(slopes: list[float], start: float) -> tuple[Callable[[float], float], float, float]:
    """Return a function with these slopes from 0 to 1, its largest slope and its size."""
    n = len(slopes)
    corners = [start]
    for slope in slopes:
        corners.append(corners[-1] + slope / n)

    def f(x: float) -> float:
        i = min(n - 1, max(0, int(x * n)))
        return corners[i] + slopes[i] * (x - i / n)

    return f, max(map(abs, slopes)), max(map(abs, corners))


slopes = st.lists(st.floats(-8, 8), min_size=1, max_size=7)


# The claims of the lesson, held by the engine.


def test_step_place() -> None:
    """(s): s = -b / w."""
    check("step-place", step_place)


def test_step_bias() -> None:
    """(b): b = -w s."""
    check("step-bias", step_bias)


def test_bump() -> None:
    """(bump): h σ(w (x - s_1)) - h σ(w (x - s_2))."""
    check("bump", bump)


def test_bump_height() -> None:
    """(bump): h between the steps, 0 beside them."""
    check("bump-height", bump)


def test_even_bumps() -> None:
    """(Σbump): N of them from 0 to 1."""
    check("even-bumps", even_bumps)


def test_inverse_sigmoid() -> None:
    """(σ⁻¹): ln(y / (1 - y))."""
    check("inverse-sigmoid", inverse_sigmoid)


def test_bumps_enough() -> None:
    """K/2N ≤ ε."""
    check("bumps-enough", bumps_enough)
    check("bumps-enough", lambda slope, error: bumps_needed(slope, error))


def test_tower_bias() -> None:
    """(tower): (-m + 1/2) h."""
    check("tower-bias", tower_bias)


def test_relu_step() -> None:
    """Two ReLU neurons are a step."""
    check("relu-step", relu_step)


# Steps and bumps.


@given(st.floats(0.5, 2000), st.floats(-2, 2))
def test_a_sigmoid_neuron_is_a_step_at_minus_b_over_w(w: float, s: float) -> None:
    """(s), (b): σ(wx + b) is 1/2 at s = -b/w, below it on the left and above it on the right."""
    b = step_bias(w, s)
    assert step_place(w, b) == pytest.approx(s)
    assert sigmoid(w * s + b) == pytest.approx(0.5, abs=1e-9)
    assert sigmoid(w * (s - 0.5 / w) + b) < 0.5 < sigmoid(w * (s + 0.5 / w) + b)


@given(st.floats(1, 1000), st.floats(1.1, 10), st.floats(0, 1))
def test_the_step_is_sharper_as_w_grows(w: float, times: float, s: float) -> None:
    """From 0.1 to 0.9 it takes 2 ln 9 / w: w times as large, the step so many times as sharp."""
    for weight in (w, w * times):
        half = log(9.0) / weight
        b = step_bias(weight, s)
        assert sigmoid(weight * (s - half) + b) == pytest.approx(0.1, abs=1e-9)
        assert sigmoid(weight * (s + half) + b) == pytest.approx(0.9, abs=1e-9)


def test_the_numbers_of_the_books_pictures() -> None:
    """(s), (bump): w 100, b -40 is a step at 0.4; w 1000 and s 0.2 give b -200; the bump 0.6."""
    assert step_place(100, -40) == 0.4
    assert step_bias(1000, 0.2) == -200
    assert bump(0.5, 1000, 0.4, 0.6, 0.6) == pytest.approx(0.6, abs=1e-9)
    total = bump(0.5, 1000, 0.4, 0.6, -1.2) + bump(0.5, 1000, 0.7, 0.9, 0.3)
    assert total == pytest.approx(-1.2, abs=1e-9)
    assert chapter_function(0.314) == pytest.approx(0.0952, abs=1e-4)
    assert chapter_function(1.0) == pytest.approx(0.8433, abs=1e-4)


def test_the_best_five_bumps_of_the_books_game() -> None:
    """(σ⁻¹), (113): heights -1.24 … 1.14 are off by 0.372 on average, as the figure scores them."""
    heights = (-1.24, -1.42, -0.34, -0.98, 1.14)
    off = [abs(heights[i // 20] - inverse_sigmoid(chapter_function(i / 100))) for i in range(100)]
    assert sum(off) / 100 == pytest.approx(0.372, abs=5e-4)


@given(
    st.lists(st.floats(-3, 3), min_size=1, max_size=6),
    st.floats(1, 900),
    st.floats(0, 1),
    st.sampled_from(SHARP),
)
def test_the_network_computes_the_sum_of_its_bumps(
    heights: list[float], w: float, x: float, activation: str
) -> None:
    """(Σbump): two hidden neurons a bump, four with ReLU; the same function of x."""
    n = len(heights)
    bumps = Bumps([i / n for i in range(n + 1)], heights)
    net = bump_network([bumps], w, "sigmoid", "linear")
    assert net.sizes == (1, 2 * n, 1)
    assert net.feedforward([x])[0] == pytest.approx(bumps_sum(x, w, *bumps), abs=1e-9)
    other = bump_network([bumps], 4000.0 * n, activation, "linear")
    assert other.sizes == (1, (4 if activation == "relu" else 2) * n, 1)
    assume(not in_a_window(x, n))
    assert other.feedforward([x])[0] == pytest.approx(heights[int(x * n)], abs=1e-6)


# Any error.


@settings(max_examples=60)
@given(slopes, st.floats(-3, 3), st.floats(0.05, 1), st.sampled_from(SHARP), st.randoms())
def test_within_epsilon_at_every_x_outside_the_windows(
    slopes: list[float], start: float, error: float, activation: str, random: Random
) -> None:
    """K/2N + T ≤ ε: N = K/2ε bumps for a Lipschitz function; no place but the ends is off more."""
    g, K, M = ragged(slopes, start)
    goal = Goal(g, K, M, "linear")
    number, w, _ = plan_bumps(goal, error)
    assert bound_outside(K, M, number, w) <= error
    book = bump_network([bumps_of(g, number)], w, activation, "linear")
    reaching = bump_network([bumps_of(g, number, reach=0.5)], w, activation, "linear")
    for x in (*(random.random() for _ in range(12)), 0.0, 1.0, WINDOW / number, 0.5 / number):
        if WINDOW / number <= x <= 1.0 - WINDOW / number:
            assert abs(book.feedforward([x])[0] - g(x)) <= error + 1e-9, x
        assert abs(reaching.feedforward([x])[0] - g(x)) <= error + 1e-9, x


@settings(max_examples=60)
@given(slopes, st.floats(-3, 3), st.integers(1, 12), st.integers(1, 5), st.floats(0, 0.999))
def test_the_error_of_the_repair_inside_the_windows_is_bounded(
    slopes: list[float], start: float, number: int, parts: int, at: float
) -> None:
    """ω(1/2N) + T + |g|/2M with M parts: half of the goal is missing before, a quarter after."""
    g, K, M = ragged(slopes, start)
    w = steepness(number)
    x = at * WINDOW / number
    net = bump_network(halves_of(g, number, parts), w, output="linear")
    for place in (x, 1.0 - x):
        bound = bound_inside(K, M, number, w, abs(g(place)), parts)
        assert abs(net.feedforward([place])[0] - g(place)) <= bound + 1e-9
    for i in range(number):  # between two bumps nothing fails
        for place in ((i + 0.5) / number, (i + 1 - WINDOW * 1.01) / number):
            off = abs(net.feedforward([place])[0] - g(place))
            assert off <= bound_outside(K, M, number, w) + 1e-9


def test_the_repair_halves_the_error_in_the_windows() -> None:
    """Of the goal 1 there is 1/2 at x = 0, 3/4 with two halves, 7/8 with four quarters."""
    for parts in (1, 2, 4):
        net = bump_network(halves_of(lambda x: 1.0, 5, parts), 1000.0, output="linear")
        assert net.feedforward([0.0])[0] == pytest.approx(1.0 - 0.5 / parts)
        assert net.feedforward([0.09])[0] == pytest.approx(1.0, abs=1e-3)
        assert net.sizes[1] == 2 * (5 * parts + parts - 1)
    before, after = (
        measured(chapter_function, bump_network(sets, 12000.0), 71).inside
        for sets in (
            [bumps_of(lambda x: inverse_sigmoid(chapter_function(x)), 71)],
            halves_of(lambda x: inverse_sigmoid(chapter_function(x)), 71),
        )
    )
    assert before == pytest.approx(0.138, abs=0.002)
    assert after == pytest.approx(0.061, abs=0.002)


@given(st.floats(0.1, 50), st.floats(0.001, 0.5))
def test_neurons_grow_as_one_over_epsilon(K: float, error: float) -> None:
    """N = K/2ε, rounded up: half the error takes twice the bumps, or one less."""
    few, many = bumps_needed(K, error), bumps_needed(K, error / 2)
    assert 2 * few - 1 <= many <= 2 * few
    assert few * error * (1 + 1e-9) >= K / 2
    assert few * error < K / 2 + error


def test_a_modulus_of_continuity_replaces_an_unbounded_slope() -> None:
    """√x: |√x - √y| ≤ √|x - y|, so that √(1/2N) ≤ ε takes N = 1/2ε² bumps."""
    assert bumps_needed(lambda d: d**0.5, 0.1) == 50
    goal = Goal(lambda x: x**0.5, lambda d: d**0.5, 1.0, "linear")
    number, w, _ = plan_bumps(goal, 0.1)
    net = bump_network([bumps_of(goal.function, number, reach=0.5)], w, output="linear")
    assert all(abs(net.feedforward([x])[0] - x**0.5) <= 0.1 for x in PLACES)


# Towers.


def plane(p: float, q: float, r: float) -> Callable[[float, float], float]:
    """Return a function of x and y with the slopes p and q, folded at r."""
    return lambda x, y: p * abs(x - r) + q * y


@settings(max_examples=25)
@given(
    st.floats(-2, 2),
    st.floats(-2, 2),
    st.floats(0, 1),
    st.floats(0.25, 1),
    st.sampled_from(SHARP),
    st.randoms(),
)
def test_towers_are_within_epsilon_outside_the_windows(
    p: float, q: float, r: float, error: float, activation: str, random: Random
) -> None:
    """ω(1/2N) + T ≤ ε at every place that is in no window of x or of y."""
    g, K, M = plane(p, q, r), abs(p) + abs(q), abs(p) + abs(q)
    plan = plan_towers(Goal(g, K, M, "linear"), error)
    assert bound_of_towers(K, M, plan) <= error + 1e-9
    for reach in (0.0, 0.5):
        grid = towers_of(g, plan.number, reach=reach)
        net = tower_network([grid], plan.w, plan.h, activation, "linear")
        for _ in range(8):
            at = random.random(), random.random()
            if not any(in_a_window(each, plan.number) for each in at):
                assert abs(net.feedforward(at)[0] - g(*at)) <= error + 1e-9, at


@settings(max_examples=25)
@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 1), st.integers(1, 3), st.randoms())
def test_the_error_of_repaired_towers_inside_the_windows_is_bounded(
    p: float, q: float, r: float, number: int, random: Random
) -> None:
    """ω(1/2N + d) + M/2 + 3 T + 6 τ h M; with one set M is not halved: where four meet none is."""
    g, K, M = plane(p, q, r), abs(p) + abs(q), abs(p) + abs(q)
    plan = plan_towers(Goal(g, K, M, "linear"), count=number)
    one = tower_network([towers_of(g, number)], plan.w, plan.h, output="linear")
    two = tower_network(tower_halves_of(g, number), plan.w, plan.h, output="linear")
    near = [(k + part * WINDOW) / number for k in range(number + 1) for part in (-0.5, 0, 0.3)]
    near += [(k + 0.5) / number for k in range(number)]
    inside = [x for x in near if 0 <= x <= 1]
    for _ in range(10):
        at = random.choice(inside), random.choice(inside)
        for parts, net in ((1, one), (2, two)):
            bound = bound_of_towers_inside(K, M, plan, parts)
            assert abs(net.feedforward(at)[0] - g(*at)) <= bound + 1e-9, at


@given(st.floats(0.5, 20), st.floats(0.01, 0.5))
def test_towers_grow_as_one_over_epsilon_along_each_input(K: float, error: float) -> None:
    """N = K/2ε along x and along y: N² towers, four times as many for half the error."""
    goal = Goal(lambda x, y: 0.0, K, 1.0, "linear")
    few, many = plan_towers(goal, error).number, plan_towers(goal, error / 2).number
    assert 2 * few - 1 <= many <= 2 * few


def test_one_tower_of_the_book_and_a_place_where_four_meet() -> None:
    """(tower): h = 10, b = -15 is good already; at a corner all four are off."""
    assert tower(0.5, 0.5, 1000, [0.4, 0.6], [0.3, 0.7], 10.0) == pytest.approx(0.9933, abs=1e-4)
    assert tower(0.5, 0.1, 1000, [0.4, 0.6], [0.3, 0.7], 10.0) == pytest.approx(0.0067, abs=1e-4)
    one = tower_network([towers_of(lambda x, y: 1.0, 2)], 1000.0, 40.0, output="linear")
    assert one.sizes == (2, 6, 4, 1)
    assert one.feedforward([0.5, 0.5])[0] == pytest.approx(0.0, abs=1e-6)
    assert one.feedforward([0.5, 0.25])[0] == pytest.approx(1.0, abs=1e-6)
    two = tower_network(tower_halves_of(lambda x, y: 1.0, 2), 1000.0, 40.0, output="linear")
    assert two.feedforward([0.5, 0.5])[0] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(
    ("f", "number", "reach", "worst"),
    [
        (lambda x, y: sin(6 * x) * cos(6 * y), 16, 0.5, 0.9875),
        (lambda x, y: x * y, 7, 0.5, (6 / 7) ** 2),
        (lambda x, y: x * y, 7, 0.0, 1.0),
        (lambda x, y: x * y, 7, None, 0.5),
    ],
)
def test_the_error_inside_is_that_of_the_worst_corner(
    f: Callable[[float, float], float], number: int, reach: Optional[float], worst: float
) -> None:
    """(tower): where four meet none is on, and all of f is missing, or half of it with halves."""
    sets = tower_halves_of(f, number) if reach is None else [towers_of(f, number, reach=reach)]
    plan = plan_towers(Goal(f, 12.0, 1.0, "linear"), count=number)
    net = tower_network(sets, plan.w, plan.h, output="linear")
    seen = measured(f, net, number, reach is None)
    assert seen.inside == pytest.approx(worst, abs=2e-3)
    assert abs(net.feedforward(seen.inside_at)[0] - f(*seen.inside_at)) == pytest.approx(
        seen.inside
    )


# Several outputs, files, and learning.


def test_several_outputs_are_several_networks_glued() -> None:
    """Each output is that of its network, and the others' weights to it are 0."""
    nets = [bump_network([bumps_of(partial(pow, k / 4), 3 + k)], 500.0) for k in (1, 2, 3)]
    whole = glued(nets)
    assert whole.sizes == (1, sum(net.sizes[1] for net in nets), 3)
    for x in PLACES[::10]:
        apart = [net.feedforward([x])[0] for net in nets]
        assert whole.feedforward([x]).to_list() == pytest.approx(apart, abs=1e-12)
    grids = [towers_of(plane(0.2, 0.1, r), 2) for r in (0.0, 1.0)]
    towers = [tower_network([grid], 500.0, 20.0) for grid in grids]
    at = [0.3, 0.8]
    apart = [net.feedforward(at)[0] for net in towers]
    assert glued(towers).feedforward(at).to_list() == pytest.approx(apart, abs=1e-12)
    with pytest.raises(ShapeError, match="inputs and layers"):
        glued([nets[0], towers[0]])
    with pytest.raises(ShapeError, match="activation"):
        glued([nets[0], bump_network([bumps_of(lambda x: x, 2)], 9.0, "tanh")])


def test_bumps_are_added_one_after_another() -> None:
    """The output after k bumps is that of a network of the first k."""
    bumps = bumps_of(lambda x: 1.0 + x, 4)
    net = bump_network([bumps], 80.0)
    for x in (0.1, 0.3, 0.9):
        so_far = course(net, [x], 2)
        for k in range(5):
            z = bumps_sum(x, 80.0, bumps.places[: k + 1], bumps.heights[:k])
            assert so_far[k] == pytest.approx(sigmoid(z))


def test_it_is_an_ordinary_network(tmp_path: object) -> None:
    """It is saved, read and trained as any other."""
    path = f"{tmp_path}/net.json"
    net = bump_network([bumps_of(lambda x: x, 5)], 50.0)
    net.save(path)
    again = Network.load(path)
    assert again == net
    before = again.feedforward([0.5])[0]
    again.update_mini_batch([(Vector([0.5]), Vector([1.0]))], 1.0)
    assert again.feedforward([0.5])[0] > before


# Which neurons.


def test_a_neuron_needs_only_limits_that_differ() -> None:
    """Any s(z) with them makes a bump: the wiggle of the chapter, arctan; a bell has equal ones."""
    from math import atan, exp

    arctan = Activation("arctan", atan, lambda z: 1.0 / (1.0 + z * z))
    bell = Activation("bell", lambda z: exp(-z * z) if abs(z) < 20 else 0.0, lambda z: 0.0)
    for activation in (WIGGLE, arctan):
        assert may_replace_sigmoid(activation)
        net = bump_network([Bumps([0.4, 0.6], [0.7])], 1e6, activation, "linear")
        answers = [net.feedforward([x])[0] for x in (0.2, 0.5, 0.9)]
        assert answers == pytest.approx([0.0, 0.7, 0.0], abs=1e-4)
    assert limits(bell.value) == (0.0, 0.0)
    assert not may_replace_sigmoid(bell)
    with pytest.raises(ArgumentError, match="limits at -∞ and"):
        bump_network([Bumps([0.4, 0.6], [0.7])], 1e6, bell)


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("sigmoid", (0.0, 1.0)),
        ("tanh", (-1.0, 1.0)),
        ("step", (0.0, 1.0)),
        ("relu", None),
        ("linear", None),
    ],
)
def test_the_limits_of_each_activation(name: str, ends: Optional[tuple[float, float]]) -> None:
    """At -∞ and +∞; relu has none at +∞, linear neither."""
    from tinynn.activations import activation_named

    assert limits(activation_named(name).value) == ends
    assert may_replace_sigmoid(name) == (ends is not None)


@given(
    st.lists(st.tuples(*[st.floats(-5, 5)] * 3), min_size=1, max_size=5),
    st.floats(-5, 5),
    st.floats(0, 1),
)
def test_linear_neurons_compute_a_straight_line_and_no_bump(
    neurons: list[tuple[float, float, float]], b: float, x: float
) -> None:
    """f(x) = f(0) + (f(1) - f(0)) x whatever the weights, so some x² is off by 1/8 or more."""
    biases = [[each[0] for each in neurons], [b]]
    weights = [[[each[1]] for each in neurons], [[each[2] for each in neurons]]]
    net = Network.from_parameters(biases, weights, "linear")
    first, last, at = (net.feedforward([place])[0] for place in (0.0, 1.0, x))
    assert at == pytest.approx(first + (last - first) * x, abs=1e-9)
    worst = max(abs(net.feedforward([place])[0] - place**2) for place in (0.0, 0.5, 1.0))
    assert worst >= 0.125 - 1e-9
    with pytest.raises(ArgumentError, match="got linear"):
        bump_network([Bumps([0.4, 0.6], [0.7])], 100.0, "linear")


@given(st.floats(1, 500), st.floats(0, 0.5), st.floats(0.01, 0.5), st.floats(-3, 3))
def test_two_relu_neurons_are_no_bump_and_four_are(
    w: float, first: float, width: float, h: float
) -> None:
    """h max(0, w(x - s_1)) - h max(0, w(x - s_2)) never comes down: it stays at h w (s_2 - s_1)."""
    last = first + width
    weights = [[[w], [w]], [[h, -h]]]
    two = Network.from_parameters(
        [[-w * first, -w * last], [0.0]], weights, layers=[1, *_relu_and_linear(2)]
    )
    for x in (last, last + 1.0):
        assert two.feedforward([x])[0] == pytest.approx(h * w * width, abs=1e-6)
    four = bump_network([Bumps([first, last], [h])], 10.0 / width, "relu", "linear")
    answers = [four.feedforward([x])[0] for x in (first - 0.3, first + 0.5 * width, last + 0.3)]
    assume(width < 0.3)
    assert answers == pytest.approx([0.0, h, 0.0], abs=1e-9)


def _relu_and_linear(n: int) -> list[Dense]:
    return [Dense(n, "relu"), Dense(1, "linear")]


# Stepping, and what is wrong.


def test_the_new_equations_are_stepped_through() -> None:
    """(bump), (b), σ and (113), a line at a time with their numbers."""
    with record() as steps:
        bump(0.5, 8.0, 0.25, 0.75, 2.0)
        chapter_function(0.5)
        inverse_sigmoid(0.75)
        tower(0.5, 0.5, 8.0, [0.25, 0.75], [0.25, 0.75], 10.0)
        bumps_sum(0.5, 8.0, [0.0, 0.5, 1.0], [1.0, 2.0])
    assert {step.number for step in steps} >= {"bump", "b", "3", "113", "σ⁻¹", "tower", "Σbump"}
    (line,) = (s for s in steps if s.number == "σ⁻¹")
    assert line.result == pytest.approx(log(3.0))
    assert steps.unrecorded == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: step_place(0.0, 1.0), "w: expected a number other than 0"),
        (lambda: inverse_sigmoid(1.0), "y: expected a number between 0 and 1"),
        (lambda: bumps_of(lambda x: float("nan"), 3), "goal"),
        (lambda: bumps_of(lambda x: x, 0), "count"),
        (lambda: bumps_needed(1.0, 0.0), "error"),
        (lambda: bumps_needed(float("inf"), 0.1), "modulus"),
        (lambda: bumps_needed(1e9, 1e-9), "needs more than"),
        (lambda: bump_network([bumps_of(lambda x: x, 2)], -1.0), "w: expected"),
        (lambda: bumps_sum(0.5, 9.0, [0.0, 1.0], [1.0, 2.0]), "places: expected one more"),
        (lambda: halves_of(lambda x: x, 2, 0), "parts"),
        (lambda: bound_inside(1.0, 1.0, 2, 9.0, 1.0, 21), "parts: expected at most 20"),
        (lambda: plan_bumps(Goal(lambda x: x, 1.0, 1.0, "linear"), -1.0), "error"),
        (lambda: plan_bumps(Goal(lambda x: x, 1.0, 1.0, "linear")), "count"),
    ],
)
def test_invalid_arguments_are_rejected_by_name(call: Callable[[], object], said: str) -> None:
    """The message has the expected and the given value."""
    with pytest.raises((ArgumentError, DataError, ShapeError), match=said):
        call()
