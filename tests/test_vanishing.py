"""Chapter 5: the gradient of a deep network is a product, and so it vanishes or explodes."""

from __future__ import annotations

import re
from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims import check
from tests.helpers.docs import GUIDE
from tests.mnist import FOLDER, needs_mnist
from tests.terminal import on_a_terminal, run
from tinynn import ArgumentError, DataError, DivergenceError, Network, ShapeError, Vector
from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.cli import main
from tinynn.datasets import load_digits, load_mnist
from tinynn.equations import (
    chain_change,
    chain_factors,
    chain_gradient,
    error_through_layers,
    window_width,
)
from tinynn.experiments.published import published
from tinynn.fast import Network as FastNetwork
from tinynn.layers import Dense
from tinynn.stepper.scenes import chain_scene
from tinynn.vanishing import (
    Chain,
    Speeds,
    identity_neuron,
    identity_without_constant,
    learning_speeds,
    speeds,
    widest_window,
    window,
)
from tinynn.views.chain import chain_lines
from tinynn.views.vanishing import Learnt, axis_marks, curves, spread

pytestmark = pytest.mark.ch5
MNIST = {"TINYNN_DATA": str(FOLDER)}
NUMBER = st.floats(-6, 6).map(lambda number: round(number, 3))
CHAINS = st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=5)
FEW = settings(max_examples=30)


def cost_of(chain: Chain, b1: float) -> float:
    """Return C of a chain with another b_1, from its numbers."""
    a = chain.x
    for link in chain.links:
        b = b1 if link.j == 1 else link.b
        a = 1.0 / (1.0 + exp(-(link.w * a + b)))
    return (a - chain.y) ** 2 / 2.0


# The chain of single neurons.


@given(st.floats(-30, 30), st.floats(-4, 4, exclude_min=True, exclude_max=True))
def test_a_factor_is_below_1_where_the_weight_is_below_4(z: float, w: float) -> None:
    """|σ'(z)| ≤ 1/4, with = at z = 0 only, so that |w σ'(z)| < 1 where |w| < 4."""
    assert 0.0 < sigmoid_prime(z) <= 0.25 == sigmoid_prime(0.0)
    assert abs(chain_factors(Vector([1.0, w]), Vector([0.0, z]))[1]) < 1.0


@given(CHAINS, st.floats(0, 1), st.floats(0, 1))
@FEW
def test_the_product_equals_backpropagation_and_the_measured_slope(
    numbers: list[tuple[float, float]], x: float, y: float
) -> None:
    """(121): ∂C/∂b_1 is δ of the first neuron, and ΔC/Δb_1 (114) to within its rounding."""
    weights, biases = zip(*numbers)
    chain = Chain(weights, biases, x, y)
    assert chain.gradient == pytest.approx(chain.backpropagated(), rel=1e-12, abs=1e-300)
    nabla_b, _ = chain.network.backprop(Vector([x]), Vector([y]))
    for link, error in zip(chain.links, nabla_b):
        assert link.gradient == pytest.approx(error[0], rel=1e-12, abs=1e-300), f"∂C/∂b_{link.j}"
    near = 2.0 * chain.rounding + 1e-6 * abs(chain.gradient)
    assert abs(chain.numerical() - chain.gradient) <= near


@given(CHAINS)
@FEW
def test_the_first_weight_is_no_factor_and_the_product_of_the_factors_is_the_gradient(
    numbers: list[tuple[float, float]],
) -> None:
    """(122): σ'(z_1) · w_2 σ'(z_2) · … · ∂C/∂a_L, without a factor w_1."""
    weights, biases = zip(*numbers)
    chain = Chain(weights, biases)
    product = chain.cost_derivative
    for link in chain.links:
        product *= link.slope if link.j == 1 else link.w * link.slope
    assert chain.gradient == pytest.approx(product, rel=1e-12, abs=1e-300)


def test_a_small_change_goes_through_the_chain_neuron_by_neuron() -> None:
    """(116), (118), (120): ΔC is about ∂C/∂b_1 Δb_1, the better the smaller Δb_1 is."""
    chain = Chain([1.0, 3.0, -2.0, 5.0], [0.5, -1.0, 0.25, 1.0])
    w, z = Vector([link.w for link in chain.links]), Vector([link.z for link in chain.links])
    for change in (0.01, 0.001, 0.0001):
        foreseen = chain_change(w, z, chain.cost_derivative, change)
        real = cost_of(chain, chain.links[0].b + change) - cost_of(chain, chain.links[0].b)
        assert foreseen == pytest.approx(real, rel=2.0 * change)
        assert foreseen == pytest.approx(chain.gradient * change)


def test_weights_of_100_make_the_gradient_explode_and_weights_of_1_make_it_vanish() -> None:
    """With every z at 0 a factor is w/4: 25 or 1/4, for each neuron after the first."""
    for weight, factor in ((100.0, 25.0), (1.0, 0.25)):
        chain = Chain([weight] * 4)
        assert [link.z for link in chain.links] == [0.0] * 4
        assert [link.factor for link in chain.links] == [0.25, factor, factor, factor]
        assert chain.gradient == 0.25 * factor**3 * 0.5
        assert chain.gradient / chain.links[2].gradient == factor**2  # 1/16 for ∂C/∂b_3


@given(st.lists(st.integers(1, 3), min_size=2, max_size=4), st.integers(0, 99))
@FEW
def test_the_error_of_any_layer_is_one_product_of_matrices(sizes: list[int], seed: int) -> None:
    """(124): Σ'(z^l) (w^{l+1})ᵀ … Σ'(z^L) ∇_a C is what (BP1) and (BP2) come to."""
    network = Network(sizes, seed=seed)
    x, y = Vector([0.5] * sizes[0]), Vector([0.25] * sizes[-1])
    L, passed = network.num_layers, network.forward(x)
    nabla_b, _ = network.backprop(x, y)
    nabla_a = Vector([a - wanted for a, wanted in zip(passed[L].a, y)])
    for l in range(2, L + 1):
        weights = list(network.weights[l - 1 :])
        z = [passed[m].z for m in range(l, L + 1)]
        delta = error_through_layers(weights, z, nabla_a)
        assert delta.to_list() == pytest.approx(nabla_b[l - 2].to_list(), rel=1e-9)


def test_the_functions_of_the_chain_name_wrong_arguments() -> None:
    """The message names the weights, or the list."""
    with pytest.raises(ShapeError, match="weighted_inputs: expected a Vector of 2"):
        chain_factors(Vector([1, 2]), Vector([1]))
    with pytest.raises(ShapeError, match="one more Vector than Matrices, got 1 and 1"):
        error_through_layers([Network([1, 1]).weights[0]], [Vector([1])], Vector([1]))
    with pytest.raises(
        ShapeError, match="expected the same number of each, got 2 weights and 1 biases"
    ):
        Chain([1, 2], [1])
    with pytest.raises(DataError, match="weights entry 1: expected a finite number, got nan"):
        Chain([1, float("nan")])
    with pytest.raises(DivergenceError, match="z_1 left the range of floats"):
        Chain([1e308], [1e308])


# Where a factor reaches 1.


@given(st.floats(4.001, 200), st.booleans(), st.floats(-50, 50))
def test_the_window_is_where_the_factor_reaches_1_and_its_width_is_the_formula(
    size: float, negative: bool, bias: float
) -> None:
    """|w σ'(w a + b)| is 1 at both ends, above 1 between them, below 1 outside; wide by (123)."""
    w = -size if negative else size
    there = window(w, bias)
    assert there is not None
    assert there.width == pytest.approx(window_width(w), abs=1e-9)
    for a in there:
        assert abs(w * sigmoid_prime(w * a + bias)) == pytest.approx(1.0, rel=1e-6)
    for share, inside in ((-0.1, False), (0.1, True), (0.5, True), (0.9, True), (1.1, False)):
        a = there.least + share * there.width
        assert (abs(w * sigmoid_prime(w * a + bias)) >= 1.0) is inside


@given(st.floats(-4, 4, exclude_min=True, exclude_max=True), st.floats(-50, 50))
def test_below_a_weight_of_4_there_is_no_window(w: float, bias: float) -> None:
    """Its width is 0."""
    assert window(w, bias) is None
    assert window_width(w) == 0.0


def test_the_widest_window_is_0_4477_at_a_weight_of_6_894() -> None:
    """And no weight from 4 to 104 has a wider one; at 100 it is 0.0917."""
    weight, width = widest_window()
    assert (round(weight, 3), round(width, 4)) == (6.894, 0.4477)
    assert max(window_width(4.0 + i / 100) for i in range(10_001)) <= width + 1e-12
    assert round(window_width(100.0), 4) == 0.0917
    assert window_width(4.0) == 0.0


# The identity neuron.


@given(st.floats(0.01, 20), st.booleans(), st.floats(0, 1))
def test_the_identity_neuron_misses_x_by_at_most_w_squared_over_96(
    size: float, negative: bool, x: float
) -> None:
    """After the constant 2/w_1 - 1/2 is taken off."""
    neuron = identity_neuron(-size if negative else size)
    assert abs(neuron.output(x) - x) <= neuron.bound() + 1e-12
    assert neuron.error() <= neuron.bound() + 1e-12


def test_the_bound_of_the_identity_neuron_is_reached_as_its_weight_gets_small() -> None:
    """0.0102 at w_1 = 1, 0.000104 at 0.1: w_1²/96 = 0.0104 and 0.000104."""
    assert round(identity_neuron(1.0).error(), 4) == 0.0102
    assert round(identity_neuron(0.1).error(), 6) == 0.000104
    assert identity_neuron(0.1).error() > 0.999 * identity_neuron(0.1).bound()


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0, 1))
def test_the_next_bias_compensates_the_constant(w: float, b: float, x: float) -> None:
    """σ(w w_2 σ(w_1 x + b_1) + b - w · constant) is σ(w x + b), nearly."""
    first = identity_neuron(0.1)
    through = Network.from_parameters(
        [[first.b], [b - w * first.constant]], [[[first.w1]], [[w * first.w2]]]
    )
    answer = through.feedforward([x])[0]
    assert abs(answer - sigmoid(w * x + b)) <= 0.25 * abs(w) * first.bound() + 1e-9


def test_without_the_constant_no_neuron_comes_nearer_than_0_056() -> None:
    """At w_1 = 5.65, b = -2.82, w_2 = 1; none of 200,000 others, near and far, is better."""
    best = identity_without_constant()
    assert (round(best.w1, 2), round(best.b, 2), best.w2) == (5.65, -2.82, 1.0)
    assert round(best.error(), 3) == 0.056
    rng = np.random.default_rng(0)
    x = np.linspace(0.0, 1.0, 41)[:, np.newaxis]
    for spread_of in (8.0, 1.0, 0.1, 0.01):
        w1, b, w2 = rng.normal([best.w1, best.b, best.w2], spread_of, (50_000, 3)).T
        misses = np.abs(w2 / (1.0 + np.exp(-np.clip(w1 * x + b, -500, 500))) - x).max(0)
        assert misses.min() >= best.error() - 0.001
    small = identity_neuron(0.1)._replace(constant=0.0)
    assert small.error() > 19.0, "a small w_1 needs the constant"


def test_an_identity_neuron_needs_a_first_weight() -> None:
    """Not 0, and not so small that 4/w_1 is infinite."""
    for w1 in (0.0, 1e-320):
        with pytest.raises(ArgumentError, match="w1: expected a number other than 0"):
            identity_neuron(w1)


# The claims of the teaching kit, on the engine.


def test_chain_product() -> None:
    """(121), (122)."""
    check("chain-product", chain_gradient)


def test_chain_vanishes() -> None:
    """Below |w| = 4."""
    check("chain-vanishes", chain_gradient)


def test_window_width() -> None:
    """(123)."""
    check("window-width", window_width)


def test_layer_speed() -> None:
    """Of linear neurons that answer 0, whose error is -y."""

    def of_the_engine(errors: list[list[float]]) -> float:
        J = len(errors[0])
        network = Network.from_parameters([[0.0] * J], [[[0.0]] * J], activation="linear")
        return speeds(network, [(Vector([1]), Vector([-e for e in row])) for row in errors])[0]

    check("layer-speed", of_the_engine)


def test_identity_neuron() -> None:
    """b = -w_1/2 and w_2 = 4/w_1."""
    check("identity-neuron", lambda w1: [identity_neuron(w1).b, identity_neuron(w1).w2])


# How fast layers learn.


def a_network(engine: Any, sizes: tuple[int, ...], seed: int, activation: str = "sigmoid") -> Any:
    """Return the book's network: cross-entropy, first weights N(0, 1/√n_in)."""
    hidden = [Dense(n, activation) for n in sizes[1:-1]]
    made = {"seed": seed, "cost": "cross-entropy", "init": "scaled"}
    return engine([sizes[0], *hidden, sizes[-1]], **made)


def test_the_speed_of_a_layer_is_the_length_of_the_mean_error() -> None:
    """The mean over the examples first: two errors that cancel give 0, not their mean length."""
    network = Network.from_parameters([[0.0]], [[[0.0]]])
    up, down = (Vector([1]), Vector([1])), (Vector([1]), Vector([0]))
    assert speeds(network, [up]) == speeds(network, [down]) == (0.125,)
    assert speeds(network, [up, down]) == (0.0,)
    assert speeds(network, [up, down, down]) == pytest.approx((0.125 / 3,))


@pytest.mark.parametrize("engine", [Network, FastNetwork])
def test_a_step_moves_the_biases_of_a_layer_by_eta_times_its_speed(engine: Any) -> None:
    """(21): before each step, ‖b^l - b'^l‖ / η is the length of the mean of δ^l."""
    data = load_digits().training[:20]
    network, eta = a_network(engine, (64, 5, 4, 10), 0), 0.5
    before = [np.array(list(b)) for b in network.biases]
    measured: list[Speeds] = []
    for now in learning_speeds(network, data, 3, eta, 0.1):
        after = [np.array(list(b)) for b in network.biases]
        if now.step:
            moved = [float(np.linalg.norm(b - a)) / eta for b, a in zip(before, after)]
            assert moved == pytest.approx(measured[-1].lengths, rel=1e-9)
        measured.append(now)
        before = after
    assert [now.step for now in measured] == [0, 1, 2]
    assert measured[0].lengths == speeds(a_network(engine, (64, 5, 4, 10), 0), data)


def test_both_engines_measure_the_same_speeds() -> None:
    """To nine digits, at first and after steps."""
    data = load_digits().training[:20]
    pure, fast = (
        list(learning_speeds(a_network(engine, (64, 6, 5, 4, 10), 1), data, 5, every=3))
        for engine in (Network, FastNetwork)
    )
    assert [now.step for now in pure] == [now.step for now in fast] == [0, 3, 4]
    for ours, theirs in zip(pure, fast):
        assert ours.lengths == pytest.approx(theirs.lengths, rel=1e-9)


def test_early_layers_learn_more_slowly_and_relu_or_fewer_layers_help() -> None:
    """Layer 2 of 64-30-30-30-10 is over 15 times slower than layer 4; with ReLU not 5 times."""
    data = load_digits().training
    for seed in range(3):
        two, three, four, _ = speeds(a_network(FastNetwork, (64, 30, 30, 30, 10), seed), data)
        assert two < three / 3 < four / 9, f"seed {seed}"
        assert four / two > 15
        first, *_, last, _ = speeds(
            a_network(FastNetwork, (64, 30, 30, 30, 10), seed, "relu"), data
        )
        assert last / first < 5
        assert speeds(a_network(FastNetwork, (64, 30, 10), seed), data)[0] > 10 * two


def test_a_learning_rate_that_is_too_large_is_reported() -> None:
    """Where a weight leaves the floats; and what cannot be a setting is rejected."""
    network = a_network(Network, (64, 3, 10), 0, "relu")
    data = load_digits().training[:5]
    with pytest.raises(DivergenceError, match="eta = 1e\\+308 is too large"):
        list(learning_speeds(network, data, 5, 1e308, 1e300))
    for wrong in ({"epochs": 0}, {"eta": 0.0}, {"lmbda": -1.0}, {"every": 0}):
        with pytest.raises(ArgumentError, match=next(iter(wrong))):
            next(learning_speeds(network, data, **wrong))


# The book's own figures.


def book(hidden: int, step: int) -> list[float]:
    """Return the speeds that the book's figures show, layer by layer."""
    layers = published("vanishing_gradient", str(hidden))
    return [layers[f"layer {l}"][step] for l in range(2, hidden + 2)]


def bracketed(found: list[tuple[float, ...]], theirs: list[float]) -> bool:
    """Return whether some seeds are below and some above, in each layer."""
    return all(min(ours) < each < max(ours) for *ours, each in zip(*found, theirs))


@needs_mnist
@pytest.mark.slow
def test_seeds_0_to_23_bracket_the_books_first_speeds() -> None:
    """1,000 images, cross-entropy, N(0, 1/√n_in): 0.066 and 0.309 with two hidden layers."""
    data = load_mnist(FOLDER).training[:1000]
    for hidden in (2, 3, 4):
        sizes = (784, *[30] * hidden, 10)
        found = [speeds(a_network(FastNetwork, sizes, seed), data)[:-1] for seed in range(24)]
        assert bracketed(found, book(hidden, 0)), f"{hidden} hidden layers: {found}"


@needs_mnist
@pytest.mark.whole
@pytest.mark.parametrize("hidden", [2, 3, 4])
def test_seeds_0_to_23_bracket_the_books_last_speeds(hidden: int) -> None:
    """Before the last of 500 steps on all 1,000 images, η = 0.1, λ = 5."""
    data = load_mnist(FOLDER).training[:1000]
    found = []
    for seed in range(24):
        network = a_network(FastNetwork, (784, *[30] * hidden, 10), seed)
        *_, last = learning_speeds(network, data, every=500)
        assert last.step == 499
        found.append(last.lengths[:-1])
    assert bracketed(found, book(hidden, 499)), found


def test_the_books_speeds_ship_as_its_file_has_them() -> None:
    """To five digits; four hidden layers: at the end layer 2 is 113 times slower than layer 5."""
    assert book(2, 0) == [0.065741, 0.30922]
    assert round(book(4, 499)[-1] / book(4, 499)[0]) == 113


# The laboratory.


def lab(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the output of `tinynn lab` in a pipe, in lines of at most 80 characters."""
    assert main(["lab", *arguments]) == 0, capsys.readouterr().err
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    return printed


def test_lab_vanishing_shows_each_layer_over_seeds_at_first_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The median between least and most, bars, and curves on a logarithmic scale."""
    printed = lab(capsys, "vanishing", "--images", "50", "--epochs", "40", "--seeds", "3")
    row = r"^  (layer \d|outputs) +(\S+) +(\S+) to (\S+)"
    rows = re.findall(row, printed, re.MULTILINE)
    assert [name for name, *_ in rows] == 2 * ["layer 2", "layer 3", "layer 4", "outputs"]
    data = load_digits().training[:50]
    sizes = (64, 30, 30, 30, 10)
    found = sorted(speeds(a_network(FastNetwork, sizes, seed), data)[0] for seed in range(3))
    middle, least, most = (float(number) for number in rows[0][1:])
    assert [least, middle, most] == pytest.approx(found, rel=0.01)
    assert "before step 1 " in printed
    assert "before step 40 " in printed
    assert "logarithmic" in printed
    assert re.search(r"Layer 2 learns \S+ times slower than layer 4", printed)


def test_lab_vanishing_says_that_hidden_layers_are_saturated(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """At η = 10^9 their errors are 0, and no ratio is; one seed has no least and most."""
    few = "--images", "50", "--epochs", "5", "--seeds", "1"
    printed = lab(capsys, "vanishing", "--eta", "1e9", *few)
    assert "the errors of the hidden layers are 0: all neurons are saturated" in printed
    assert "inf " not in printed
    assert "least to most" not in printed
    assert "the outputs with 5" in printed
    lab(capsys, "vanishing", *few, "--sizes", "64", *["9"] * 12, "10")


def test_the_powers_of_ten_beside_the_curves_are_evenly_spaced() -> None:
    """Each, or one in two, three …: as many as there are lines for."""
    for low in range(-40, 0):
        powers = [int(mark[3:]) for mark in axis_marks(12, (low, 1)) if mark]
        steps = {upper - lower for upper, lower in zip(powers, powers[1:])}
        assert len(steps) <= 1, f"from 10^{low} to 10: {powers}"


@needs_mnist
def test_lab_vanishing_shows_the_books_numbers() -> None:
    """`--sizes 784 30 30 30 10` takes MNIST by itself; the first speeds, and the accuracies."""
    sizes = "--sizes", "784", "30", "30", "30", "10"
    done = run("lab", "vanishing", *sizes, "--epochs", "2", "--seeds", "1", **MNIST)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^  layer 2 .* 0\.0118$", done.stdout, re.MULTILINE)
    assert re.search(r"^  layer 4 .* 0\.283$", done.stdout, re.MULTILINE)
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert re.search(
        r"^the book +96\.48 %  96\.90 %  96\.57 %  96\.53 %$", done.stdout, re.MULTILINE
    )
    (ours,) = re.findall(r"^ours +(.*)$", done.stdout, re.MULTILINE)
    medians = re.findall(
        r"^\| \d hidden layers? of 30 \| \S+ % \| \S+ \| (\S+)", GUIDE, re.MULTILINE
    )
    assert ours.split("  ") == [f"{median} %" for median in medians]
    other = run("lab", "vanishing", *sizes, "--epochs", "2", "--seeds", "1", "--eta", "1", **MNIST)
    assert "the book's\n" not in other.stdout, "other settings are not the book's"


def test_lab_vanishing_measures_what_helps_in_one_picture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Old and new first weights, ReLU and one hidden layer, a column each."""
    few = "--images", "50", "--epochs", "20", "--seeds", "2"
    printed = lab(capsys, "vanishing", "--what-helps", *few)
    head = re.search(r"before step 1 +N\(0, 1\) +N\(0, 1/√n_in\) +ReLU +1 hidden layer", printed)
    assert head
    assert len(re.findall(r"^layer 2 +\S+ +\S+ +\S+ +\S+$", printed, re.MULTILINE)) == 2
    assert re.search(r"^training images right, of 50\n .* to ", printed, re.MULTILINE)
    nothing = "With N(0, 1/√n_in) it has learnt nothing in 20 steps"
    assert nothing in printed
    assert "With ReLU it has learnt nothing" not in printed


@pytest.mark.parametrize(
    ("columns", "lines", "more"), [(80, 24, ()), (80, 24, ("--what-helps",)), (120, 40, ())]
)
def test_lab_vanishing_draws_while_it_learns_and_gives_the_terminal_back(
    columns: int, lines: int, more: tuple[str, ...]
) -> None:
    """q ends it early; what was learnt so far is shown."""
    few = "lab", "vanishing", "--images", "100", "--seeds", "1", *more
    keys = [("before step 2", "q")]
    status, screen = on_a_terminal(*few, columns=columns, lines=lines, keys=keys)
    assert status == 0
    assert "╭" in screen
    assert "layer 4" in screen.rsplit("╯", 1)[1]


def test_lab_chain_shows_each_factor_of_the_product(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the books' weights of 100: 0.25 · 25 · 25 · 25 · 0.5; and one that vanishes."""
    printed = lab(capsys, "chain")
    assert "0.25 · 25 · 25 · 25 · 0.5 = 1953.125" in printed
    assert "the gradient vanishes" in printed
    assert "the gradient explodes" in printed
    given = "chain", "--weights", "1", "-8", "--biases", "0", "-2e-1", "--target", "1"
    printed = lab(capsys, *given)
    chain = Chain([1, -8], [0, -0.2], 1, 1)
    assert f"= {chain.gradient:.7g}" in printed
    assert printed.count(f"{chain.gradient:.7g}") >= 2, "as backpropagation has it"
    assert "|w_2 σ'(z_2)| ≥ 1 for a_1 between" in printed


def test_lab_chain_draws_the_window_and_the_identity_neuron(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0.4477 at 6.894; at most w_1²/96 from x, and 0.056 at best without the constant."""
    drawn = lab(capsys, "chain", "--window")
    assert "at most 0.4477, at |w| = 6.894" in drawn
    assert "0.0917 at |w| = 100" in drawn
    found = lab(capsys, "chain", "--identity", "1")
    assert re.search(r"^ +1 +-0\.5 +4 +1\.5 +0\.010163 +0\.010417$", found, re.MULTILINE)
    assert "the error is at least 0.0561" in found


def test_lab_chain_says_why_the_gradient_is_0_and_when_it_hardly_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """(122): by the factor that is 0; 1.125 times is no explosion; |w| = 4 reaches 1 at one a."""
    printed = lab(capsys, "chain", "--weights", "0", "0")
    assert "∂C/∂b_1 is 0, as w_2 is 0" in printed
    assert not re.search(r"-0\b(?!\.)", printed.split("|σ'|")[0])
    assert "∂C/∂b_1 is 0, as σ'(z_2) rounds to 0" in lab(
        capsys, "chain", "--weights", "1", "1", "--biases", "0", "99"
    )
    hardly = lab(capsys, "chain", "--weights", "1", "4.5")
    assert "1.125 times larger" in hardly
    assert "the gradient explodes" not in hardly
    assert "≥ 1 for a_1 = 0.5 only" in lab(capsys, "chain", "--weights", "1", "4")
    assert "as large as" not in lab(capsys, "chain", "--weights", "1")


@given(st.floats(1e-12, 1.0))
@FEW
def test_the_error_of_the_identity_neuron_is_within_its_bound_and_its_rounding(w1: float) -> None:
    """At w_1 = 10^-9 the bound is 1.04e-20, but 4·10^9 σ(z) has a rounding of 10^-6."""
    neuron = identity_neuron(w1)
    assert neuron.error() <= neuron.bound() + neuron.rounding()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["vanishing", "--sizes", "64", "10"], "expected 64 inputs, hidden layers and 10 outputs"),
        (["vanishing", "--sizes", "63", "9", "10"], "--sizes: expected 64 inputs"),
        (["vanishing", "--sizes", "64", "0", "10"], "--sizes: expected a whole number"),
        (["vanishing", "--images", "1001"], "--images: expected a whole number of at most 1,000"),
        (["vanishing", "--seeds", "0"], "--seeds"),
        (["vanishing", "--epochs", "0"], "--epochs"),
        (["vanishing", "--eta", "nan"], "--eta"),
        (["vanishing", "--lmbda", "-1"], "--lmbda"),
        (["vanishing", "--what-helps", "--init", "large"], "--init cannot go"),
        (["vanishing", "--what-helps", "--sizes", "64", "9", "10"], "two hidden layers or more"),
        (["vanishing", "--data", "nowhere"], "--data: expected 'digits'"),
        (["chain", "--weights", "1", "2", "--biases", "1"], "2 weights and 1 biases"),
        (["chain", "--biases", "1"], "--biases needs --weights"),
        (["chain", "--weights", "inf"], "weights entry 0: expected a finite number"),
        (["chain", "--window", "--identity"], "--window and --identity: expected one"),
        (["chain", "--weights", *["1e300"] * 3], "--weights: too large to measure ΔC/Δb_1"),
        (["chain", "--identity", "0"], "w1: expected a number other than 0"),
    ],
)
def test_the_laboratories_print_errors_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And exit with 2."""
    assert main(["lab", *arguments]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint
    assert complaint.count("\n") == 1


# What is drawn, and stepped through.


@given(st.lists(st.lists(st.floats(1e-9, 10), min_size=3, max_size=3), min_size=1, max_size=4))
def test_the_curves_are_logarithmic_and_each_layer_is_at_its_median(
    lengths: list[list[float]],
) -> None:
    """Ten times faster is as far up anywhere; around it dots from the least to the most."""
    courses = [[Speeds(0, tuple(each))] for each in lengths]
    learnt = Learnt("", 4, 1, 10, courses, [])
    cells = curves(learnt, 2, 80, (-10, 2))
    middles = [spread(learnt, l, 0).middle for l in (2, 3, 4)]
    lines = [next((i for i, c in enumerate(cells) if c[0][0] == str(l)), None) for l in (2, 3, 4)]
    for line, middle in zip(lines, middles):
        if line is not None:  # another layer may be drawn over it
            assert abs((80 - line) * 12 / 80 - 10 - np.log10(middle)) <= 12 / 80 + 1e-9


@given(CHAINS)
@FEW
def test_any_chain_fits_lines_of_80(numbers: list[tuple[float, float]]) -> None:
    """For any number of neurons."""
    weights, biases = zip(*numbers)
    assert all(len(line) <= 80 for line in chain_lines(Chain(weights, biases)))


@pytest.mark.parametrize("machine", ["chain", "bump"])
def test_the_stepped_sums_fit_80_columns(machine: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Captions and long sums too."""
    assert main(["step", machine, "--plain"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_the_chain_can_be_stepped_through(capsys: pytest.CaptureFixture[str]) -> None:
    """Forward, the factors (122), their product (121), and a change of b_1, (120)."""
    scene = chain_scene([1, 8, 4])
    ended = {step.number: step for step in scene.steps if step.number in ("122", "121", "120")}
    assert ended["122"].result == 1.0  # w_3 σ'(z_3) = 4/4
    assert ended["121"].result == Chain([1, 8, 4]).gradient == 0.25
    assert ended["121"].by_hand == "(0.5)(0.5)"
    assert ended["120"].result == pytest.approx(0.0025)
    assert main(["step", "chain", "--input", "0.5", "--target", "1", "--plain"]) == 0
    shown = capsys.readouterr().out
    assert "factors of ∂C/∂b_1" in shown
    assert "∂C/∂b_1 w_2 σ'(z_2)" in shown
    assert main(["step", "chain", "--sizes", "1", "1"]) == 2
    assert "--sizes: " in capsys.readouterr().err
