"""The costs: worked by hand, checked by numerical slopes, and their fitting outputs."""

from __future__ import annotations

from fractions import Fraction
from math import inf, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import (
    RELU,
    SIGMOID,
    Activation,
    ArgumentError,
    DataError,
    Dense,
    DivergenceError,
    Network,
    ShapeError,
    TinyNNError,
    Vector,
    gradcheck,
    load_digits,
)
from tinynn.activations import LINEAR, sigmoid
from tinynn.costs import COSTS, CROSS_ENTROPY, QUADRATIC, Cost
from tinynn.descent import numerical_derivative
from tinynn.equations import (
    cross_entropy,
    log_likelihood,
    matched_error,
    mean_cost,
    output_error,
    quadratic,
    quadratic_derivative,
)
from tinynn.equations.costs import ln
from tinynn.fast import Network as FastNetwork
from tinynn.layers.layer import Forward


@pytest.mark.ch2
def test_cost_formula() -> None:
    """(27): half the squared distance from a to y."""
    check("cost-formula", quadratic)


@pytest.mark.ch1
def test_cost_positive() -> None:
    """(6): C >= 0, and C = 0 only where a = y."""
    check("cost-positive", quadratic)


@pytest.mark.ch2
def test_cost_slope() -> None:
    """∂C/∂a_j = a_j - y_j, against moving a_j and watching C."""
    check("cost-slope", quadratic_derivative)
    assert QUADRATIC.derivative is quadratic_derivative
    assert QUADRATIC.value is quadratic


@pytest.mark.ch1
def test_mean_cost() -> None:
    """(6): the mean over n examples, not the sum, and not divided by the number of outputs."""

    def cost_of_all(outputs_list: list[Vector], desired_list: list[Vector]) -> float:
        return mean_cost([quadratic(a, y) for a, y in zip(outputs_list, desired_list)])

    check("mean-cost", cost_of_all)


@pytest.mark.ch2
@pytest.mark.parametrize(
    ("a", "y", "expected"),
    [([0.5], [1], 0.125), ([1, 0], [0, 1], 1.0), ([3, 4], [0, 0], 12.5), ([0.2], [0.2], 0.0)],
)
def test_quadratic_cost_worked_by_hand(a: list[float], y: list[float], expected: float) -> None:
    """(27): half the square of the distance from a to y."""
    assert quadratic(Vector(a), Vector(y)) == expected


@pytest.mark.ch2
def test_quadratic_derivative_worked_by_hand() -> None:
    """An output 1/2 too low has slope -1/2: raising it lowers the cost."""
    assert quadratic_derivative(Vector([0.5, 1, 2]), Vector([1, 1, 1])) == Vector([-0.5, 0, 1])


@pytest.mark.ch2
@pytest.mark.parametrize(
    ("function", "z", "a", "expected"),
    [(SIGMOID, 0.0, 0.5, -0.125), (LINEAR, 3.0, 3.0, 2.0), (RELU, -2.0, 0.0, 0.0)],
    ids=lambda value: getattr(value, "name", None),
)
def test_the_error_of_the_output_takes_the_slope_of_its_own_activation_function(
    function: Activation, z: float, a: float, expected: float
) -> None:
    """(BP1): (a - y) σ'(z) at y = 1, where σ' is 1/4, 1 and 0."""
    delta = QUADRATIC.error(Forward(Vector([z]), Vector([a]), function), Vector([1]))
    assert delta == Vector([expected]), "BP1: δ^L_j = ∂C/∂a^L_j σ'(z^L_j)"


@pytest.mark.ch1
def test_mean_cost_worked_by_hand() -> None:
    """(6): examples with 1/2 ‖y - a‖² of 1, 2 and 6 cost 3 in the mean."""
    assert mean_cost([1.0, 2.0, 6.0]) == 3.0


@pytest.mark.ch2
@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=20))
def test_mean_cost_is_the_average(costs: list[float]) -> None:
    """(26): C = 1/n Σ_x C_x, against exact fractions."""
    exact = sum(Fraction(cost) for cost in costs) / len(costs)
    assert mean_cost(costs) == pytest.approx(float(exact), rel=1e-12)


def test_the_cost_of_no_examples_is_rejected() -> None:
    """1/n Σ has no meaning at n = 0: it is not 0."""
    with pytest.raises(DataError, match="at least one"):
        mean_cost([])


@pytest.mark.parametrize("function", [quadratic, quadratic_derivative])
def test_outputs_and_desired_of_unequal_size_are_rejected(function: Any) -> None:
    """A cost of ten outputs is not worked out from three."""
    for a, y in (([1, 2, 3], [1]), ([1], [1, 2, 3])):
        with pytest.raises(ShapeError, match=f"desired: .* of {len(a)}, got Vector of {len(y)}"):
            function(Vector(a), Vector(y))


@pytest.mark.parametrize("function", [quadratic, quadratic_derivative])
@pytest.mark.parametrize("pair", [([1.0], Vector([1])), (Vector([1]), [1.0]), (Vector([1]), 1.0)])
def test_arguments_that_are_not_vectors_are_rejected(function: Any, pair: Any) -> None:
    """A bare list in place of a Vector, as the output or as the desired output."""
    with pytest.raises(TinyNNError, match="expected a Vector"):
        function(*pair)


def test_the_arguments_are_left_as_they_were() -> None:
    """The slope is a new Vector."""
    a, y = Vector([0.5, 0.25]), Vector([1, 0])
    quadratic_derivative(a, y)[0] = 99.0
    assert (a, y) == (Vector([0.5, 0.25]), Vector([1, 0]))


# The cross-entropy: (57), (63), and δ^L = a^L - y.

SHARES = st.floats(0.0, 1.0)
PAIRS = st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=5)


@pytest.mark.ch3
def test_cross_entropy() -> None:
    """(63), and of one neuron (57): -Σ [y ln a + (1 - y) ln(1 - a)]."""
    check("cross-entropy", cross_entropy)


@pytest.mark.ch3
def test_cross_entropy_edges() -> None:
    """(63): a term whose factor is 0 is 0, whatever its logarithm."""
    check("cross-entropy-edges", cross_entropy)


@pytest.mark.ch3
def test_cross_entropy_error() -> None:
    """(66), (68): σ' has cancelled, and a - y is left."""
    check("cross-entropy-error", matched_error)


@pytest.mark.ch3
@pytest.mark.parametrize(
    ("a", "y", "expected"),
    [
        ([0.5], [1], log(2.0)),
        ([0.25, 0.9], [0, 1], -log(0.75) - log(0.9)),
        ([0.2], [0.7], -0.7 * log(0.2) - 0.3 * log(0.8)),
        ([0, 1], [0, 1], 0.0),
        ([0.0], [1], inf),
        ([1.0], [0], inf),
        ([0.0, 1.0], [0.25, 0.75], inf),
    ],
)
def test_cross_entropy_worked_by_hand(a: list[float], y: list[float], expected: float) -> None:
    """(57), (63): no NaN if an output is 0 or 1, and ∞ if that output is wrong."""
    cost = cross_entropy(Vector(a), Vector(y))
    assert cost == pytest.approx(expected), "(63): C = -Σ_j [y_j ln a_j + (1 - y_j) ln(1 - a_j)]"
    assert str(cost) != "-0.0"


@pytest.mark.ch3
@given(PAIRS)
def test_cross_entropy_is_positive_and_0_only_where_a_is_y_and_0_or_1(
    pairs: list[tuple[float, float]],
) -> None:
    """(57), (63): every term is at least 0; at a = y it is (64), which is 0 at y = 0 and y = 1."""
    a, y = Vector([a for a, _ in pairs]), Vector([y for _, y in pairs])
    cost = cross_entropy(a, y)
    assert cost >= 0.0, "(63) is positive"
    assert cross_entropy(y, y) <= cost + 1e-12, "(63) is least at a = y, where it is (64)"
    if any(0.0 < each < 1.0 for each in y if min(each, 1.0 - each) > 1e-9):
        assert cost > 0.0, "(64): 0 only where y is 0 or 1"
    assert (cross_entropy(y.map(round), y.map(round)), str(cost) != "nan") == (0.0, True)


@pytest.mark.ch3
@given(st.lists(st.tuples(st.floats(-8.0, 8.0), SHARES), min_size=1, max_size=4))
def test_the_gradient_of_the_cross_entropy_has_no_slope_of_sigma_in_it(
    pairs: list[tuple[float, float]],
) -> None:
    """(66), not (BP1): δ^L = a^L - y, against moving z^L_j and watching (63)."""
    z, y = Vector([z for z, _ in pairs]), Vector([y for _, y in pairs])
    delta = CROSS_ENTROPY.error(Forward(z, z.map(sigmoid), SIGMOID), y)
    for j in range(len(z)):

        def cost_at(value: float, j: int = j) -> float:
            moved = z.copy()
            moved[j] = value
            return cross_entropy(moved.map(sigmoid), y)

        expected = numerical_derivative(cost_at, z[j], 1e-5)
        close(delta[j], expected, "(66): δ^L_j = a^L_j - y_j")


@pytest.mark.ch3
@pytest.mark.parametrize("z", [-1000.0, -40.0, 40.0, 1000.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_a_saturated_output_that_is_wrong_has_an_error_of_1(z: float, y: float) -> None:
    """(66): never 0/0; the quadratic cost learns nothing there, since σ'(z) is 0."""
    a = sigmoid(z)
    passed = Forward(Vector([z]), Vector([a]), SIGMOID)
    assert CROSS_ENTROPY.error(passed, Vector([y]))[0] == pytest.approx(round(a) - y, abs=1e-9)
    assert abs(QUADRATIC.error(passed, Vector([y]))[0]) < 1e-17


@pytest.mark.ch3
def test_matched_error_worked_by_hand() -> None:
    """(66), (68), (84): a^L - y, a new Vector, of each neuron."""
    a, y = Vector([0.5, 1, 0]), Vector([1, 1, 0.25])
    delta = matched_error(a, y)
    assert delta == Vector([-0.5, 0.0, -0.25]), "(66): δ^L_j = a^L_j - y_j"
    delta[0] = 99.0
    assert (a, y) == (Vector([0.5, 1, 0]), Vector([1, 1, 0.25]))


@pytest.mark.ch3
def test_the_quadratic_cost_with_linear_outputs_sends_a_minus_y() -> None:
    """(68): σ' is 1, so that (BP1) gives the same bits."""
    a, y = Vector([3.0, -0.1]), Vector([1.0, 0.7])
    assert QUADRATIC.of(LINEAR).error(Forward(a, a, LINEAR), y) == matched_error(a, y)
    net = Network([2, Dense(2, "linear")], seed=0)
    assert net.cost == QUADRATIC
    assert net.backprop(a, y).biases == [net.feedforward(a) - y], "(68)"
    assert matched_error(a, y) == output_error(quadratic_derivative(a, y), a, LINEAR)


@pytest.mark.parametrize(
    ("function", "a", "y", "words"),
    [
        (cross_entropy, [1.5], [1], r"outputs entry 0: expected a number from 0 to 1 .* got 1\.5"),
        (cross_entropy, [0, 0.5], [0, -1], r"desired entry 1: expected a number from 0 to 1"),
        (log_likelihood, [0.5, 1.5], [0, 1], r"outputs entry 1: expected a number from 0 to 1"),
        (log_likelihood, [0.5, 0.5], [-1, 2], r"desired entry 0: expected a number from 0 to 1"),
        (log_likelihood, [0.5, 0.5], [1, 1], r"desired: expected numbers that add up to 1.* 2\.0"),
    ],
)
def test_numbers_without_a_logarithm_are_rejected(
    function: Any, a: list[float], y: list[float], words: str
) -> None:
    """An output of 1.5 is not that of a sigmoid neuron; y = -1 would make the cost endless."""
    with pytest.raises(DataError, match=words):
        function(Vector(a), Vector(y))


@pytest.mark.ch3
def test_the_logarithm_of_0_is_endless_and_of_no_number_an_error() -> None:
    """ln, of (57), (63), (80): -inf at 0, and a whole number is one."""
    assert [ln(0.0), ln(0), ln(1), ln(0.5)] == [-inf, -inf, 0.0, log(0.5)], "(63), (80)"
    with pytest.raises(DataError, match="x: expected a number, got '1'"):
        ln("1")  # type: ignore[arg-type]


@pytest.mark.parametrize("function", [cross_entropy, log_likelihood, matched_error])
def test_the_new_costs_reject_what_the_quadratic_rejects(function: Any) -> None:
    """Sizes that differ, and bare lists."""
    for a, y in (([1, 0, 0], [1]), ([1], [1, 0, 0])):
        with pytest.raises(ShapeError, match=f"desired: .* of {len(a)}, got Vector of {len(y)}"):
            function(Vector(a), Vector(y))
    with pytest.raises(TinyNNError, match="expected a Vector"):
        function([1.0], Vector([1]))


@pytest.mark.ch3
@pytest.mark.parametrize("z", [-30.0, -20.0, 12.0, 20.0, 30.0])
@pytest.mark.parametrize("y", [0.0, 0.5, 1.0])
def test_a_saturated_network_passes_the_gradient_check(z: float, y: float) -> None:
    """(66): what (63) itself loses in the rounding of 1 - a is no error of backpropagation."""
    net = Network.from_parameters([[z]], [[[0.5, -0.25]]], cost="cross-entropy")
    gradcheck(net, Vector([0.25, 0.5]), Vector([y]))


def test_an_infinite_cost_has_no_slope_to_check() -> None:
    """It is named; the gradient itself is finite."""
    net = Network.from_parameters([[100.0]], [[[0.5]]], cost="cross-entropy")
    with pytest.raises(DataError, match="cost: expected a finite cost for the check"):
        gradcheck(net, Vector([1]), Vector([0]))
    assert net.backprop(Vector([1]), Vector([0])).biases == [Vector([1.0])]


# What fits what.

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])


@ENGINES
@pytest.mark.parametrize(
    ("layers", "cost", "words"),
    [
        ([2, Dense(3, "softmax")], "quadratic", "softmax outputs require log-likelihood"),
        ([2, Dense(3, "softmax")], "cross-entropy", "write cost='log-likelihood'"),
        ([2, 3], "log-likelihood", r"requires softmax outputs, got sigmoid: write Dense\(3, 'soft"),
        ([2, 3], "log-likelihood", "or cost='cross-entropy'"),
        ([2, Dense(3, "tanh")], "cross-entropy", "requires sigmoid outputs, got tanh"),
        ([2, Dense(3, "linear")], "cross-entropy", "or cost='quadratic'"),
        ([2, Dense(3, "softmax"), 2], "quadratic", r"layer 2: expected softmax in the last layer"),
    ],
)
def test_a_wrong_mixture_names_a_cost_that_fits(
    engine: Any, layers: list[Any], cost: str, words: str
) -> None:
    """Made, read from numbers, or changed by with_activation."""
    with pytest.raises(ArgumentError, match=words):
        engine(layers, cost=cost)
    net = engine([2, 3], seed=0, cost="cross-entropy")
    with pytest.raises(ArgumentError, match="requires sigmoid outputs"):
        net.with_activation("relu")
    with pytest.raises(ArgumentError, match="layer 2: expected softmax in the last layer only"):
        engine([2, 3, 3], activation="softmax")


def test_a_custom_cost_fits_the_declared_neurons() -> None:
    """A derivative for any neurons; or none, and the neurons that it fits."""
    mine = Cost("mine", quadratic, quadratic_derivative)
    assert Network([2, 1], seed=0, cost=mine).cost is mine
    matched = Cost("mine", cross_entropy, None, SIGMOID)
    assert Network([2, 1], seed=0, cost=matched).backprop(Vector([1, 0]), Vector([1])) == Network(
        [2, 1], seed=0, cost="cross-entropy"
    ).backprop(Vector([1, 0]), Vector([1]))
    with pytest.raises(ArgumentError, match="mine requires sigmoid outputs, got relu"):
        Network([2, Dense(1, "relu")], cost=matched)
    with pytest.raises(ArgumentError, match="softmax outputs require log-likelihood, got mine"):
        Network([2, Dense(1, "softmax")], cost=mine)
    for wrong, words in [
        (Cost("mine", quadratic), "cost derivative: expected a function, got None"),
        (Cost("mine", quadratic, None, "sigmoid"), "cost fits: expected a Activation"),  # type: ignore[arg-type]
        (Cost("mine", quadratic, quadratic_derivative, None, 3), "cost require: expected"),  # type: ignore[arg-type]
        (Cost("mine", 3, quadratic_derivative), "cost value: expected a function"),  # type: ignore[arg-type]
    ]:
        with pytest.raises(ArgumentError, match=words):
            Network([2, 1], cost=wrong)


@ENGINES
@pytest.mark.parametrize(
    ("layers", "cost", "y", "words"),
    [
        ([2, 2], "cross-entropy", [0, -1], "example 1, y entry 1: expected a number from 0 to 1"),
        ([2, Dense(2, "softmax")], "log-likelihood", [1, 1], "example 1, y: expected numbers that"),
    ],
)
def test_desired_outputs_that_a_cost_does_not_accept_are_named(
    engine: Any, layers: list[Any], cost: str, y: list[float], words: str
) -> None:
    """Before training and before measuring."""
    net = engine(layers, seed=0, cost=cost)
    data = [(Vector([0, 1]), Vector([1, 0])), (Vector([1, 1]), Vector(y))]
    with pytest.raises(DataError, match=f"training_data, {words}"):
        net.train(data, 1, 1, 0.5)
    with pytest.raises(DataError, match=f"examples, {words}"):
        net.measure(data)
    engine([2, 2], seed=0).measure(data)  # the quadratic cost takes any number


@ENGINES
def test_an_infinite_cost_is_reported_and_kept(engine: Any, tmp_path: Path) -> None:
    """An output of exactly 1 where 0 was wanted: ∞, no NaN, no end of the run."""
    net = engine.from_parameters([[100.0]], [[[0.0]]], cost="cross-entropy")
    data = [(Vector([1]), Vector([0])), (Vector([1]), Vector([1]))]
    assert net.measure(data).cost == inf
    run = net.train(data, 3, 1, 0.01, test_data=data, seed=0)
    assert next(run).cost == inf
    run.save(tmp_path / "run.json")
    again = engine.resume(tmp_path / "run.json", data)
    assert again.reports == run.reports
    assert again.finish()[-1].cost == run.finish()[-1].cost == inf
    assert net.weights[0][0][0] < 0.0


@ENGINES
def test_numbers_that_leave_the_range_of_floats_are_still_a_divergence(engine: Any) -> None:
    """An infinite weight is an error, even for a cost that can be infinite."""
    net = engine([2, Dense(3, "linear"), 1], seed=0, cost="cross-entropy")
    data = [(Vector([1, 0]), Vector([0])), (Vector([1, 0.5]), Vector([1]))]
    with np.errstate(all="ignore"), pytest.raises(DivergenceError, match="too large"):
        net.train(data, 500, 1, 1e200, test_data=data, seed=0).finish()


@ENGINES
@pytest.mark.parametrize(
    ("layers", "cost"),
    [([2, 3, 2], "cross-entropy"), ([2, 3, Dense(2, "softmax")], "log-likelihood")],
)
def test_a_cost_and_softmax_come_back_from_a_file(
    engine: Any, layers: list[Any], cost: str, tmp_path: Path
) -> None:
    """By name; and a file with a mixture that does not fit is damaged."""
    net = engine(layers, seed=0, cost=cost)
    path = tmp_path / "net.json"
    net.save(path)
    assert engine.load(path) == net
    assert Network.load(path).cost is COSTS[cost]
    assert f"{cost} cost" in repr(engine.load(path))
    text = path.read_text().replace(f'"cost": "{cost}"', '"cost": "log-likelihood"')
    path.write_text(text.replace("softmax", "tanh"))
    with pytest.raises(DataError, match="is damaged: cost: log-likelihood requires softmax"):
        engine.load(path)


@ENGINES
@pytest.mark.parametrize(
    ("last", "cost"), [(Dense(10), "cross-entropy"), (Dense(10, "softmax"), "log-likelihood")]
)
def test_the_new_costs_learn_the_digits(engine: Any, last: Dense, cost: str) -> None:
    """(66), (84) lower (63), (80): after four epochs on 300 more than half of others are right."""
    digits = load_digits()
    net = engine([64, 30, last], seed=0, cost=cost)
    run = net.train(digits.training[:300], 4, 10, 0.5, test_data=digits.test, seed=0)
    first, *_, latest = run.finish()
    assert latest.correct > 0.5 * latest.total
    assert latest.cost < first.cost
