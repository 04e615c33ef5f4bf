"""One neuron at a time: threshold and bias, perceptrons made smooth, and small changes."""

from __future__ import annotations

from math import exp, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims import check
from tinynn import (
    SIGMOID,
    STEP,
    DataError,
    Network,
    Perceptron,
    ShapeError,
    SigmoidNeuron,
    TinyNNError,
    Vector,
)
from tinynn.neurons import (
    output_change,
    perceptron_output,
    sigmoid_neuron_output,
    threshold_output,
    weighted_sum,
)
from tinynn.teaching.strategies import examples, networks, numbers, perceptron_networks, vectors

POWERS_OF_TWO = st.integers(-8, 8).map(lambda power: 2.0**power)


def bits(size: int) -> st.SearchStrategy[list[int]]:
    """Return rows of ``size`` bits."""
    return st.lists(st.integers(0, 1), min_size=size, max_size=size)


@st.composite
def neurons(draw: st.DrawFn, bound: float = 5.0) -> tuple[Vector, Vector, float]:
    """Draw weights, inputs of the same size, and a bias."""
    size = draw(st.integers(1, 4))
    return (
        draw(vectors(numbers(-bound, bound), size=size)),
        draw(vectors(numbers(-bound, bound), size=size)),
        draw(numbers(-bound, bound)),
    )


@pytest.mark.ch1
def test_weighted_sum() -> None:
    """w · x = Σ_j w_j x_j, against exact fractions."""
    check("weighted-sum", weighted_sum)


@pytest.mark.ch1
def test_perceptron_threshold() -> None:
    """(1): 1 if Σ_j w_j x_j > threshold, else 0."""
    check("perceptron-threshold", threshold_output)


@pytest.mark.ch1
def test_perceptron_rule() -> None:
    """(2): 1 if w · x + b > 0, else 0."""
    check("perceptron-rule", perceptron_output)


@pytest.mark.ch1
def test_perceptron_scaling() -> None:
    """Exercise, sigmoid neurons simulating perceptrons, part I: c > 0 changes no answer."""
    check("perceptron-scaling", perceptron_output)


@pytest.mark.ch1
def test_sigmoid_neuron() -> None:
    """(4): 1 / (1 + e^(-Σ_j w_j x_j - b))."""
    check("sigmoid-neuron", sigmoid_neuron_output)


@pytest.mark.ch1
def test_sigmoid_becomes_perceptron() -> None:
    """Exercise, part II: with c w and c b for ever larger c, except where z = 0."""
    check("sigmoid-becomes-perceptron", sigmoid_neuron_output)


@pytest.mark.ch1
def test_output_change() -> None:
    """(5): Σ ∂output/∂w_j Δw_j + ∂output/∂b Δb, against moving all of them together."""
    check("output-change", output_change)


@pytest.mark.ch1
def test_small_change() -> None:
    """(5): what the estimate misses shrinks like the square of the change."""
    check("small-change", sigmoid_neuron_output)


@pytest.mark.ch1
def test_the_neurons_as_objects_keep_the_same_claims() -> None:
    """Perceptron and SigmoidNeuron answer as their functions do."""
    check("perceptron-threshold", lambda w, x, t: Perceptron.with_threshold(Vector(w), t).output(x))
    check("perceptron-rule", lambda w, x, b: Perceptron(w, b).output(x))
    check("sigmoid-neuron", lambda w, x, b: SigmoidNeuron(w, b).output(x))
    check("output-change", lambda w, x, b, dw, db: SigmoidNeuron(w, b).output_change(x, dw, db))


@pytest.mark.ch1
@pytest.mark.parametrize("kind", [Perceptron, SigmoidNeuron])
def test_both_kinds_of_neuron_begin_with_the_same_sum(kind: Any) -> None:
    """(2), (4): z = w · x + b, here -2·1 - 2·0.25 + 3 = 0.5."""
    assert kind([-2, -2], 3).weighted_input([1, 0.25]) == 0.5


@pytest.mark.ch1
@pytest.mark.parametrize(
    ("weather", "friend", "transport", "goes"),
    [(0, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0), (0, 1, 1, 0), (1, 0, 0, 1), (1, 1, 1, 1)],
)
def test_the_cheese_festival_is_decided_by_the_weather(
    weather: int, friend: int, transport: int, goes: int
) -> None:
    """(1) with weights 6, 2, 2 and threshold 5."""
    festival = Perceptron.with_threshold([6, 2, 2], 5)
    assert festival.output([weather, friend, transport]) == goes


@pytest.mark.ch1
def test_a_lower_threshold_makes_going_likelier() -> None:
    """(1): at threshold 3 friend and transport together are reason enough."""
    assert Perceptron.with_threshold([6, 2, 2], 5).output([0, 1, 1]) == 0.0
    assert Perceptron.with_threshold([6, 2, 2], 3).output([0, 1, 1]) == 1.0
    assert Perceptron.with_threshold([6, 2, 2], 3).output([0, 0, 1]) == 0.0


@pytest.mark.ch1
@given(neurons())
def test_threshold_form_equals_bias_form(neuron: tuple[Vector, Vector, float]) -> None:
    """(1) = (2) with b = -threshold: in floats too, s > t exactly when s - t > 0."""
    w, x, threshold = neuron
    by_threshold = threshold_output(w, x, threshold)
    assert by_threshold == perceptron_output(w, x, -threshold)
    assert by_threshold == Perceptron.with_threshold(w, threshold).output(x)
    assert Perceptron(w, -threshold).threshold == threshold


@pytest.mark.ch1
@given(vectors(), numbers())
def test_a_sum_that_only_reaches_the_threshold_is_not_enough(w: Vector, b: float) -> None:
    """(1), (2): the output is 1 only above the threshold, so at w · x = threshold it is 0."""
    nothing = Vector.zeros(len(w))
    assert threshold_output(w, nothing, 0.0) == 0.0
    x = Vector.one_hot(0, len(w))
    assert threshold_output(w, x, w[0]) == perceptron_output(w, x, -w[0]) == 0.0


@pytest.mark.ch1
@settings(deadline=None)
@given(st.data(), perceptron_networks(), st.floats(0.001, 1000.0))
def test_multiplying_weights_and_biases_by_c_changes_no_perceptron_network(
    data: st.DataObject, network: Network, c: float
) -> None:
    """Exercise, part I, for any c > 0: every |z| is 1/2 or more, so rounding cannot decide."""
    x = data.draw(bits(network.sizes[0]))
    assert network.scaled(c).feedforward(x) == network.feedforward(x)


@pytest.mark.ch1
@settings(deadline=None)
@given(st.data(), networks(activation=STEP), POWERS_OF_TWO)
def test_multiplying_by_a_power_of_2_changes_no_perceptron_network_at_all(
    data: st.DataObject, network: Network, c: float
) -> None:
    """Exercise, part I, for any numbers, however near 0 they bring z."""
    [(x, _)] = data.draw(examples(inputs=network.sizes[0], max_size=1))
    assert network.scaled(c).feedforward(x) == network.feedforward(x)


@pytest.mark.ch1
def test_rounding_can_tip_a_perceptron_that_sits_exactly_on_its_threshold() -> None:
    """Exercise, part I, where it is not safe: z = 0 need not be 0 once each c w is rounded.

    2 + 4 + 3 - 9 = 0, but times 0.1 the sum ends at 1.1e-16, and the perceptron fires.
    """
    w, x, b = Vector([2, 4, 3]), Vector([1, 1, 1]), -9.0
    assert perceptron_output(w, x, b) == 0.0
    assert perceptron_output(0.1 * w, x, 0.1 * b) == 1.0
    assert weighted_sum(0.1 * w, x) + 0.1 * b == 2**-53


@pytest.mark.ch1
@given(neurons(), st.integers(0, 12).map(lambda power: 2.0**power))
def test_a_sigmoid_neuron_tends_to_the_perceptron_for_the_largest_c_too(
    neuron: tuple[Vector, Vector, float], c: float
) -> None:
    """Exercise, part II: the difference is below e^(-c|z|); 2^-52 is room for rounding."""
    w, x, b = neuron
    z = weighted_sum(w, x) + b
    smooth = sigmoid_neuron_output(c * w, x, c * b)
    if z == 0.0:
        assert smooth == 0.5
    else:
        assert abs(smooth - perceptron_output(w, x, b)) <= exp(-c * abs(z)) + 2**-52


@pytest.mark.ch1
@pytest.mark.parametrize("c", [0.5, 1, 3, 10, 100, 1e6])
def test_a_sigmoid_neuron_stays_at_one_half_where_z_is_0(c: float) -> None:
    """Exercise, part II, where it fails: at w · x + b = 0 no c takes the output from 1/2."""
    w, x, b = Vector([2, -1]), Vector([1, 2]), 0.0
    assert sigmoid_neuron_output(c * w, x, c * b) == 0.5
    assert perceptron_output(w, x, b) == 0.0


@pytest.mark.ch1
@settings(deadline=None)
@given(st.data(), perceptron_networks())
def test_a_sigmoid_network_tends_to_the_perceptron_network(
    data: st.DataObject, network: Network
) -> None:
    """Exercise, part II, a whole network in which no z is 0: by c = 1000 they agree.

    Every |z| is at least 1/2. Layer after layer the activations are within e^(-c/4) of bits,
    which moves the next z by less than 1/4.
    """
    x = data.draw(bits(network.sizes[0]))
    bit = network.feedforward(x)
    for c, tolerance in ((100.0, 1e-9), (1000.0, 1e-15)):
        smooth = network.scaled(c).with_activation(SIGMOID).feedforward(x)
        assert (smooth - bit).norm() <= tolerance, f"c = {c}: {smooth} against {bit}"


@pytest.mark.ch1
def test_one_z_of_0_keeps_a_sigmoid_network_from_its_perceptrons() -> None:
    """Exercise, part II: a hidden z of 0 is 1/2 for ever, and here that flips the output.

    Hidden: z = 1 - 1 = 0, so 0 for the perceptron, 1/2 for every sigmoid. Output: z = h - 1/4.
    """
    perceptrons = Network.from_parameters([[-1], [-0.25]], [[[1]], [[1]]], STEP)
    assert perceptrons.feedforward([1]) == Vector([0])
    smooth = perceptrons.scaled(1000.0).with_activation(SIGMOID)
    assert smooth.feedforward([1])[0] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.ch1
@pytest.mark.parametrize(
    ("inputs", "expected"),
    [([1, 0.5], 0.5), ([0, 0], 0.9525741268224334), ([1, 1], 0.2689414213699951)],
)
def test_a_sigmoid_neuron_worked_by_hand(inputs: list[float], expected: float) -> None:
    """(4) with weights -2, -2 and bias 3: z = 0, 3 and -1."""
    assert SigmoidNeuron([-2, -2], 3).output(inputs) == pytest.approx(expected, rel=1e-14)


@pytest.mark.ch1
def test_half_the_change_misses_a_quarter() -> None:
    """(5) with numbers: from z = 1, the misses for Δb = 0.2, 0.1, 0.05 stand about 4 to 1."""
    neuron = SigmoidNeuron([1], 0)
    misses = []
    for delta_b in (0.2, 0.1, 0.05):
        after = SigmoidNeuron([1], delta_b).output([1])
        misses.append(after - neuron.output([1]) - neuron.output_change([1], [0], delta_b))
    assert misses[0] / misses[1] == pytest.approx(4.0, rel=0.05)
    assert misses[1] / misses[2] == pytest.approx(4.0, rel=0.05)


@pytest.mark.ch1
@given(neurons(), st.data())
def test_output_change_is_linear_in_the_change(
    neuron: tuple[Vector, Vector, float], data: st.DataObject
) -> None:
    """(5): the estimate of a sum of changes is the sum of the estimates."""
    w, x, b = neuron
    p, q = data.draw(vectors(size=len(w))), data.draw(vectors(size=len(w)))
    together = output_change(w, x, b, p + q, 3.0)
    apart = output_change(w, x, b, p, 1.0) + output_change(w, x, b, q, 2.0)
    assert together == pytest.approx(apart, abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: weighted_sum(Vector([1, 2, 3]), Vector([1])),
        lambda: weighted_sum(Vector([1]), Vector([1, 2, 3])),
        lambda: threshold_output(Vector([1, 2]), Vector([1]), 0.0),
        lambda: perceptron_output(Vector([1, 2]), Vector([1]), 0.0),
        lambda: sigmoid_neuron_output(Vector([1, 2]), Vector([1]), 0.0),
        lambda: output_change(Vector([1, 2]), Vector([1]), 0.0, Vector([0, 0]), 0.0),
        lambda: output_change(Vector([1, 2]), Vector([1, 2]), 0.0, Vector([0]), 0.0),
        lambda: Perceptron([1, 2, 3], 0).output([1]),
        lambda: SigmoidNeuron([1, 2, 3], 0).output([1]),
    ],
)
def test_inputs_of_another_number_than_the_weights_are_rejected(call: Any) -> None:
    """A neuron of three inputs does not answer for one: nothing is cut off at the shorter list."""
    with pytest.raises(ShapeError, match="expected a Vector of .*, got Vector of"):
        call()


@pytest.mark.parametrize("kind", [Perceptron, SigmoidNeuron])
@pytest.mark.parametrize("bias", [nan, float("inf"), "3", True, None])
def test_a_nonfinite_bias_is_rejected(kind: Any, bias: object) -> None:
    """The message names the bias and the given value."""
    with pytest.raises(DataError, match="bias: expected a finite number, got"):
        kind([1, 2], bias)


def test_a_neuron_keeps_its_own_weights() -> None:
    """Changing the list, or the Vector, that a neuron was made from does not change the neuron."""
    weights = Vector([1, 2])
    neuron = Perceptron(weights, 0)
    weights[0] = -100.0
    assert neuron.output([1, 0]) == 1.0


def test_a_neuron_shows_its_numbers() -> None:
    """The text of a neuron is the Python that makes it."""
    for neuron in (Perceptron([-2, -2], 3), SigmoidNeuron([0.5], -1)):
        assert repr(eval(repr(neuron))) == repr(neuron)
    assert repr(Perceptron([-2, -2], 3)) == "Perceptron([-2.0, -2.0], 3.0)"


def test_the_functions_require_vectors() -> None:
    """A bare list in the place of a Vector is refused, as weights and as inputs."""
    numbers: Any = [1.0, 2.0]
    for weights, inputs in ((Vector([1, 2]), numbers), (numbers, Vector([1, 2]))):
        with pytest.raises(TinyNNError, match="expected a Vector"):
            weighted_sum(weights, inputs)
