"""The network: the forward pass, backpropagation against measured slopes, and errors."""

from __future__ import annotations

import math
import re
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import (
    RELU,
    SIGMOID,
    STEP,
    TANH,
    Activation,
    ArgumentError,
    DataError,
    Gradient,
    GradientError,
    Matrix,
    Network,
    ShapeError,
    Vector,
    gradcheck,
)
from tinynn.layers.dense import DenseLayer
from tinynn.layers.layer import Forward
from tinynn.notation import indexed_name
from tinynn.teaching.strategies import layer_sizes, vectors


# The book's network of 2-2-1, with numbers short enough for paper.
def small() -> Network:
    """Return two inputs, two hidden neurons, one output."""
    return Network.from_parameters(
        biases=[[0.0, 1.0], [-1.0]], weights=[[[1.0, -1.0], [2.0, 0.5]], [[1.0, -2.0]]]
    )


def sigma(z: float) -> float:
    """Return σ by the definition (3), for numbers of moderate size."""
    return 1 / (1 + math.exp(-z))


@pytest.mark.ch2
def test_feedforward() -> None:
    """(22), (23), (25): a' = σ(w a + b), layer after layer."""
    check("feedforward", lambda b, w, x: Network.from_parameters(b, w).feedforward(x))


@pytest.mark.ch2
@pytest.mark.parametrize("function", [STEP, TANH, RELU], ids=lambda function: function.name)
def test_every_layer_uses_the_activation_function_of_its_network(function: Activation) -> None:
    """(22), (23), (25) with another function in the place of σ: a^l_j = f(z^l_j)."""
    passed = small().with_activation(function).forward(Vector([1, 0]))
    for l in (2, 3):
        z, a, _ = passed[l]
        assert a.to_list() == [function.value(z_j) for z_j in z], f"a^{l} = f(z^{l})"


@pytest.mark.ch2
def test_the_error_goes_back_with_the_slope_of_the_layer_it_reaches() -> None:
    """(BP2) with relu, where σ' is 1 above 0 and 0 below: δ^2 = (1·3·1, -2·3·0)."""
    before = Forward(Vector([2, -2]), Vector([2, 0]), RELU)
    delta = small().layer(3).error_before(Vector([3]), before)
    assert delta == Vector([3, 0]), "BP2: δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)"


@pytest.mark.ch2
def test_the_error_goes_back_as_far_as_layer_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """(BP2) in a network 5-4-3-2: δ^3 has 3 entries, δ^2 has 4, and the input has no error."""
    sizes = []
    bp2 = DenseLayer.error_before

    def error_before(layer: DenseLayer, error: Vector, before: Forward) -> Vector:
        delta = bp2(layer, error, before)
        sizes.append(len(delta))
        return delta

    monkeypatch.setattr(DenseLayer, "error_before", error_before)
    Network([5, 4, 3, 2], seed=0).backprop(Vector([1] * 5), Vector([1, 0]))
    assert sizes == [3, 4], "BP2: δ^l for l = L - 1 down to 2"


@pytest.mark.ch2
def test_backprop() -> None:
    """(BP1)-(BP4) together: every ∂C/∂w and ∂C/∂b is the slope that the cost shows."""

    def backprop(b: list[Vector], w: list[Matrix], x: Vector, y: Vector) -> Gradient:
        return Network.from_parameters(b, w).backprop(x, y)

    check("backprop", backprop)


@pytest.mark.ch1
def test_feedforward_is_equation_22_layer_after_layer() -> None:
    """(22): a' = σ(w a + b), worked by hand for x = (1, 0)."""
    a2 = sigma(1.0), sigma(3.0)
    expected = sigma(1.0 * a2[0] - 2.0 * a2[1] - 1.0)
    close(small().feedforward([1, 0])[0], expected, "(22): a' = σ(w a + b)", 1e-15)


@pytest.mark.ch2
def test_the_forward_pass_numbers_its_layers_as_the_book_does() -> None:
    """a^1 is the input, z^2 the first weighted inputs, a^L the output."""
    x = Vector([1, 0])
    passed = small().forward(x)
    assert sorted(passed) == [1, 2, 3]
    assert passed[1].a is x
    assert passed[2].z == Vector([1.0, 3.0])
    assert passed[3].a == small().feedforward(x)
    assert [passed[l].function for l in (2, 3)] == [SIGMOID, SIGMOID]


@pytest.mark.ch2
@given(st.data(), layer_sizes(), st.integers(0, 10**6), st.sampled_from([SIGMOID, TANH]))
def test_backprop_passes_the_engines_own_gradient_check(
    data: st.DataObject, shape: list[int], seed: int, function: object
) -> None:
    """(BP1)-(BP4) for sigmoid and tanh neurons: gradcheck names no parameter."""
    network = Network(shape, seed=seed, activation=function)  # type: ignore[arg-type]
    x, y = data.draw(vectors(size=shape[0])), data.draw(vectors(size=shape[-1]))
    checked = gradcheck(network, x, y)
    assert checked.parameters == network.parameter_count()


@pytest.mark.ch2
def test_the_gradient_unpacks_as_the_books_pair() -> None:
    """nabla_b, nabla_w: lists layer by layer, with the shapes of the biases and weights."""
    network = small()
    nabla_b, nabla_w = gradient = network.backprop(Vector([1, 0]), Vector([1]))
    assert gradient.biases is nabla_b
    assert [len(b) for b in nabla_b] == [2, 1]
    assert [w.shape for w in nabla_w] == [(2, 2), (1, 2)]


@pytest.mark.ch2
def test_backprop_changes_nothing() -> None:
    """A gradient is measured, not applied: the network and the example stay as they were."""
    network, x, y = small(), Vector([1, 0]), Vector([1])
    network.backprop(x, y)
    assert network == small()
    assert (x, y) == (Vector([1, 0]), Vector([1]))


@pytest.mark.ch2
def test_backprop_adds_the_gradient_of_an_example_into_the_sums() -> None:
    """(BP3), (BP4): 1 in every sum before, 1 more than the gradient of the example after."""
    network, x, y = small(), Vector([1, 0]), Vector([1])
    nabla_b, nabla_w = network.backprop(x, y)
    sums = Gradient([Vector([1, 1]), Vector([1])], [Matrix([[1, 1], [1, 1]]), Matrix([[1, 1]])])
    assert network.backprop(x, y, sums) is sums, "BP3, BP4: the sums given are returned"
    for i in range(2):
        for j in range(len(nabla_b[i])):
            name = f"∂C/∂b^{i + 2}_{j + 1}"
            assert sums.biases[i][j] == 1 + nabla_b[i][j], f"BP3: 1 + {name}"
            for k in range(2):
                name = f"∂C/∂w^{i + 2}_{j + 1}{k + 1}"
                assert sums.weights[i][j][k] == 1 + nabla_w[i][j][k], f"BP4: 1 + {name}"


@pytest.mark.ch1
@given(st.data(), st.integers(1, 6))
def test_a_mini_batch_gradient_is_the_mean_of_its_examples_gradients(
    data: st.DataObject, m: int
) -> None:
    """(19): ∇C ≈ 1/m Σ_j ∇C_Xj, divided by m and not by the size of the training set."""
    network = small()
    batch = [(data.draw(vectors(size=2)), data.draw(vectors(size=1))) for _ in range(m)]
    nabla_b, nabla_w = network.backprop_mini_batch(batch)
    singles = [network.backprop(x, y) for x, y in batch]
    for i in range(2):
        for j in range(len(nabla_b[i])):
            mean = math.fsum(g.biases[i][j] for g in singles) / m
            close(nabla_b[i][j], mean, f"(19): mean of ∂C/∂b^{i + 2}_{j + 1}", 1e-12)
            for k in range(nabla_w[i].shape[1]):
                mean = math.fsum(g.weights[i][j][k] for g in singles) / m
                close(nabla_w[i][j][k], mean, f"(19): mean of ∂C/∂w^{i + 2}", 1e-12)


@pytest.mark.ch1
def test_a_step_worked_by_hand() -> None:
    """(20), (21), m = 2, η = 1/2: a = 1 for y = 0 and a = 2 for y = 1, so both errors are 1."""
    network = Network.from_parameters([[0]], [[[1, 2]]], "linear")
    batch = [(Vector([1, 0]), Vector([0])), (Vector([0, 1]), Vector([1]))]
    network.update_mini_batch(batch, 0.5)
    assert network.weights == (Matrix([[0.75, 1.75]]),), "(20): w - 1/4 (1, 1)"
    assert network.biases == (Vector([-0.5]),), "(21): 0 - 1/4 (1 + 1)"


@pytest.mark.ch1
def test_the_first_numbers_drawn_are_the_biases_then_the_weights_row_by_row() -> None:
    """The order of the book's program, so that its runs can be repeated number for number."""
    network = Network([2, 3, 1], rng=Random(5))
    draws = Random(5)
    expected = [draws.gauss(0, 1) for _ in range(13)]
    drawn = [*network.biases[0], *network.biases[1]]
    drawn += [w for matrix in network.weights for row in matrix for w in row]
    assert drawn == expected


@pytest.mark.ch1
def test_the_initial_numbers_are_standard_normal() -> None:
    """Mean 0 and variance 1, within four standard errors of 10,000 draws."""
    numbers = [w for row in Network([100, 100], seed=1).weights[0] for w in row]
    mean = sum(numbers) / 10_000
    variance = sum((w - mean) ** 2 for w in numbers) / 10_000
    assert abs(mean) < 0.04, f"mean {mean}"
    assert abs(variance - 1) < 4 * math.sqrt(2 / 10_000), f"variance {variance}"


def test_a_seed_touches_no_global_random_state() -> None:
    """Randomness is an argument: random and the caller's own draws are left alone."""
    import random

    random.seed(3)
    state = random.getstate()
    assert Network([2, 2], seed=1) == Network([2, 2], seed=1)
    assert random.getstate() == state


@pytest.mark.ch1
def test_evaluate_counts_the_strongest_output_as_the_answer() -> None:
    """A digit is right if its own output neuron is the strongest."""
    identity = Network.from_parameters([[0.0, 0.0]], [[[1.0, 0.0], [0.0, 1.0]]])
    hot = [Vector([1, 0]), Vector([0, 1])]
    assert identity.evaluate([(hot[0], hot[0]), (hot[1], hot[1]), (hot[0], hot[1])]) == 2
    assert identity.answers([(hot[0], hot[0]), (hot[0], hot[1])]).confusion == [[1, 0], [1, 0]]


@pytest.mark.ch1
def test_answers_name_the_largest_activation_of_each_output() -> None:
    """A hidden neuron of 1 gives σ(3), σ(-1), σ(0), and one of 0 gives σ(0) three times."""
    weights = [[[1000.0]], [[3.0], [-1.0], [0.0]]]
    narrow = Network.from_parameters([[0.0], [0.0, 0.0, 0.0]], weights)
    examples = [(Vector([x]), Vector([1, 0, 0])) for x in (1, -1)]
    assert narrow.answers(examples).largest == pytest.approx([0.95257, 0.5, 0.5], abs=1e-5)


@pytest.mark.ch1
def test_one_output_neuron_answers_yes_from_a_half_up() -> None:
    """Chapter 1's convention for a single output; a bare argmax would call all of them right."""
    network = Network.from_parameters([[0.0]], [[[1.0]]])
    yes, no = Vector([1]), Vector([0])
    assert [network.predict([z]) for z in (-0.1, 0.0, 0.1)] == [0, 1, 1]
    assert network.evaluate([(Vector([2]), yes), (Vector([-2]), no), (Vector([2]), no)]) == 2


@pytest.mark.ch1
def test_the_cost_of_a_data_set_is_equation_6() -> None:
    """(6): C = 1/2n Σ_x ‖y - a‖², here with a = (1/2) for every x."""
    network = Network.from_parameters([[0.0]], [[[0.0]]])
    data = [(Vector([1]), Vector([1])), (Vector([2]), Vector([0.5])), (Vector([3]), Vector([-0.5]))]
    close(network.total_cost(data), (0.25 + 0 + 1) / 6, "(6): C = 1/2n Σ_x ‖y - a‖²", 1e-15)


@pytest.mark.ch2
def test_gradcheck_names_the_first_parameter_that_is_wrong_with_both_numbers() -> None:
    """A gradient with one wrong entry is caught, and the entry is called by its book name."""
    network, x, y = Network([2, 3, 1], seed=0), Vector([0.5, -1]), Vector([1])

    def wrong(x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        nabla_b, nabla_w = network.backprop(x, y)
        nabla_w[0][2][1] *= 2.0
        return nabla_b, nabla_w

    right = network.backprop(x, y).weights[0][2][1]
    with pytest.raises(GradientError, match=r"w\^2_32") as raised:
        gradcheck(network, x, y, backprop=wrong)
    assert repr(2 * right) in str(raised.value)
    assert network == Network([2, 3, 1], seed=0), "the check leaves the network as it was"


def test_gradcheck_rejects_a_gradient_that_is_nan() -> None:
    """NaN compares false with everything, and must not pass."""
    network, x, y = small(), Vector([1, 0]), Vector([1])

    def nan(x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        nabla_b, nabla_w = network.backprop(x, y)
        nabla_b[0].entries[0] = math.nan
        return nabla_b, nabla_w

    with pytest.raises(GradientError, match=r"b\^2_1: backpropagation gives nan"):
        gradcheck(network, x, y, backprop=nan)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("epsilon", value) for value in (1e-300, 1e-12, 0.5, 0.0, -1e-5, "1e-5", True, None)),
        *(("relative", value) for value in (math.inf, math.nan, 1.0, -1.0, "0", None, True)),
        *(("absolute", value) for value in (99, 1.0, math.inf, math.nan, -1e-8, [0.1])),
    ],
)
def test_gradcheck_rejects_bounds_that_let_a_wrong_gradient_pass(name: str, value: object) -> None:
    """A gradient that is off by 9 never passes; the answer says what can be set."""
    net, x, y = Network([2, 3, 1], seed=0), Vector([0.5, -1]), Vector([1])

    def off_by_nine(x: Vector, y: Vector) -> Gradient:
        gradient = net.backprop(x, y)
        gradient.weights[0][0][0] += 9.0
        return gradient

    with pytest.raises(ArgumentError, match=f"{name}: expected a number from .*: write {name}="):
        gradcheck(net, x, y, backprop=off_by_nine, **{name: value})  # type: ignore[arg-type]
    for most in ({"epsilon": 1e-9}, {"epsilon": 1e-2}, {"relative": 1e-2}, {"absolute": 1e-2}):
        with pytest.raises(GradientError):
            gradcheck(net, x, y, backprop=off_by_nine, **most)


def test_gradcheck_rejects_a_gradient_of_another_shape() -> None:
    """A transposed or short gradient is an error with both shapes, not an IndexError."""
    network, x, y = Network([2, 3, 1], seed=0), Vector([0.5, -1]), Vector([1])

    def transposed(x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        nabla_b, nabla_w = network.backprop(x, y)
        return nabla_b, [w.transpose() for w in nabla_w]

    with pytest.raises(ShapeError, match="3×2.*2×3"):
        gradcheck(network, x, y, backprop=transposed)
    with pytest.raises(ShapeError, match="layers"):
        gradcheck(network, x, y, backprop=lambda x, y: ([], []))


def test_parameter_names_stay_readable_beyond_nine_neurons() -> None:
    """w^2_113 could be two things; a comma tells."""
    assert indexed_name("w", 2, 1, 3) == "w^2_13"
    assert indexed_name("w", 2, 11, 3) == "w^2_11,3"
    assert indexed_name("b", 3, 10) == "b^3_10"


@pytest.mark.ch1
def test_a_perceptron_network_is_the_same_numbers_with_a_step() -> None:
    """NAND as a network: weights -2, -2 and bias 3."""
    nand = Network.from_parameters([[3]], [[[-2, -2]]], "step")
    assert [nand.feedforward([p, q])[0] for p in (0, 1) for q in (0, 1)] == [1, 1, 1, 0]
    assert nand.with_activation(SIGMOID).activation is SIGMOID
    assert nand.scaled(2.0).weights[0] == Matrix([[-4, -4]])
    assert nand.activation is STEP


def test_a_flat_image_in_another_shape_is_rejected_not_broadcast() -> None:
    """The book's program, given (784,) for (784, 1), answered digit 60 without an error."""
    network = Network([4, 3, 2], seed=0)
    for wrong in (np.zeros((4, 1)), np.zeros((1, 4)), [[0.0] * 4]):
        with pytest.raises(DataError, match="entry 0"):
            network.feedforward(wrong)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="x: expected a Vector of 4, got Vector of 3"):
        network.feedforward([0.0] * 3)
    assert network.feedforward(np.zeros(4)) == network.feedforward([0] * 4)  # type: ignore[arg-type]


def test_backprop_rejects_examples_that_do_not_fit() -> None:
    """A label as a bare digit, a list, or a vector of another size: each is named."""
    network = small()
    with pytest.raises(ShapeError, match="y: expected a Vector of 1, got 1"):
        network.backprop(Vector([1, 0]), 1)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="y: expected a Vector of 1, got Vector of 2"):
        network.backprop(Vector([1, 0]), Vector([1, 0]))
    with pytest.raises(ShapeError, match="x: expected a Vector of 2, got a list of 2"):
        network.backprop([1, 0], Vector([1]))  # type: ignore[arg-type]


def test_the_cost_derivative_is_never_broadcast_over_one_output() -> None:
    """A network of one output and a y of two would broadcast in NumPy."""
    with pytest.raises(ShapeError):
        Network([2, 1], seed=0).total_cost([(Vector([1, 0]), Vector([1, 0]))])


@pytest.mark.parametrize("bad", [[3], [], "23", 5, [2, 0], [2, -1], [2, 1.5], [2, True], None])
def test_invalid_sizes_are_rejected(bad: object) -> None:
    """Two layers or more, each of at least one neuron, in whole numbers."""
    with pytest.raises(ArgumentError, match="sizes"):
        Network(bad)  # type: ignore[arg-type]


def test_a_seed_and_a_generator_together_are_rejected() -> None:
    """One source of randomness, or none."""
    with pytest.raises(ArgumentError, match="got both"):
        Network([2, 1], seed=1, rng=Random(1))
    with pytest.raises(ArgumentError, match="seed: expected a whole number, got '1'"):
        Network([2, 1], seed="1")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="activation"):
        Network([2, 1], activation="sigmoidal")


def test_parameters_that_do_not_fit_each_other_are_rejected() -> None:
    """Layers must meet: w^3 needs one column for each neuron of layer 2."""
    with pytest.raises(ShapeError, match="3 inputs after a layer of 2"):
        Network.from_parameters([[0, 0], [0]], [[[1], [1]], [[1, 2, 3]]])
    with pytest.raises(ShapeError, match="biases"):
        Network.from_parameters([[0, 0]], [[[1]]])
    with pytest.raises(ShapeError, match="one of each"):
        Network.from_parameters([], [])


def test_weights_can_be_set_by_entry_and_by_layer_but_never_resized() -> None:
    """A tuple of matrices cannot lose an assignment silently; a layer checks its shape."""
    network = Network([2, 2, 1], seed=0)
    network.weights[0][1][0] = 0.25
    assert network.layer(2).weights[1][0] == 0.25
    with pytest.raises(TypeError):
        network.weights[0] = Matrix([[1, 2], [3, 4]])  # type: ignore[index]
    network.layer(2).weights = Matrix([[1, 2], [3, 4]])
    assert network.weights[0] == Matrix([[1, 2], [3, 4]])
    with pytest.raises(ShapeError, match="2×2.*1×2"):
        network.layer(2).weights = Matrix([[1, 2]])
    with pytest.raises(ShapeError, match="a Matrix of 2×2, got a ndarray"):
        network.layer(2).weights = np.zeros((2, 2))
    with pytest.raises(ShapeError, match="biases"):
        network.layer(2).biases = Vector([1])
    with pytest.raises(ArgumentError, match="layer: expected 2 to 3, got 1"):
        network.layer(1)


def test_is_finite_notices_one_nonfinite_weight_or_bias() -> None:
    """In any layer: the training loop asks after every epoch."""
    assert small().is_finite()
    for l in (2, 3):
        network = small()
        network.layer(l).biases.entries[0] = math.inf
        assert not network.is_finite(), f"b^{l}_1 = inf"
        network = small()
        network.layer(l).weights.rows[0][1] = math.nan
        assert not network.is_finite(), f"w^{l}_12 = nan"


def test_a_copy_shares_nothing() -> None:
    """Changes of the copy do not change the network."""
    network = small()
    network.copy().weights[0][0][0] = 99.0
    network.copy().biases[0][0] = 99.0
    assert network == small()


@settings(deadline=None)
@given(layer_sizes(), st.integers(0, 1000), st.sampled_from([SIGMOID, TANH, RELU]))
def test_the_repr_describes_the_network(shape: list[int], seed: int, function: object) -> None:
    """Sizes, layers and the number of parameters add up."""
    network = Network(shape, seed=seed, activation=function)  # type: ignore[arg-type]
    assert network.sizes == tuple(shape)
    assert network.num_layers == len(shape)
    count = sum(j * (k + 1) for k, j in zip(shape, shape[1:]))
    assert network.parameter_count() == count
    assert f"{count:,} weights and biases" in repr(network)


def test_the_activation_function_is_kept_in_one_place() -> None:
    """Forward pass and backpropagation cannot come to use different ones."""
    network = small()
    with pytest.raises(AttributeError):
        network.activation = TANH  # type: ignore[misc]
    with pytest.raises(AttributeError):
        network.layer(2).function = TANH
    assert network.layer(2).function is network.activation is SIGMOID


def test_networks_never_share_their_numbers() -> None:
    """copy.copy, a matrix put into a layer, a layer made of a matrix: all of them copy."""
    network, other = small(), small()
    copy(network).weights[0][0][0] = 99.0
    copy(network.layer(2)).biases[0] = 99.0
    assert network == small()
    network.layer(2).weights = other.weights[0]
    network.layer(2).biases = other.biases[0]
    network.weights[0][0][0] = network.biases[0][0] = 99.0
    assert other == small()


def test_a_step_is_rejected_on_no_examples_or_uphill() -> None:
    """update_mini_batch is public, and checks as its neighbours do."""
    network, data = small(), [(Vector([1, 0]), Vector([1]))]
    with pytest.raises(DataError, match="mini_batch: expected at least one example"):
        network.update_mini_batch([], 1.0)
    with pytest.raises(ArgumentError, match="eta"):
        network.update_mini_batch(data, -3.0)
    assert network == small()


@pytest.mark.ch2
def test_gradcheck_sees_an_error_of_one_in_a_thousand() -> None:
    """And tells which parameter differs the most where nothing is wrong."""
    network, x, y = Network([2, 3, 1], seed=0), Vector([0.5, -1]), Vector([1])

    def nearly(x: Vector, y: Vector) -> tuple[list[Vector], list[Matrix]]:
        nabla_b, nabla_w = network.backprop(x, y)
        nabla_w[1][0][2] *= 1.001
        return nabla_b, nabla_w

    with pytest.raises(GradientError, match=r"w\^3_13"):
        gradcheck(network, x, y, backprop=nearly)
    checked = gradcheck(network, x, y)
    assert 0.0 < checked.difference < 1e-9
    assert re.fullmatch(r"[wb]\^[23]_\d+", checked.worst)
    with pytest.raises(ShapeError, match="expected .nabla_b, nabla_w., got None"):
        gradcheck(network, x, y, backprop=lambda x, y: None)  # type: ignore[arg-type,return-value]


@pytest.mark.ch2
@given(st.integers(0, 10**6))
def test_gradcheck_does_not_blame_a_right_gradient_for_large_numbers(seed: int) -> None:
    """Where C is in the millions, C(w + ε) - C(w - ε) loses digits: that is no error of yours."""
    network = Network([3, 4, 2], seed=seed, activation="linear").scaled(30.0)
    gradcheck(network, Vector([100, -100, 50]), Vector([1, 0]))


def test_numbers_of_numpy_are_numbers() -> None:
    """Sizes, rates and counts come out of NumPy as often as entries do."""
    network = Network(np.array([2, 2, 1]), seed=0)  # type: ignore[arg-type]
    assert network == Network([2, 2, 1], seed=0)
    data = [(Vector([1, 0]), Vector([1]))]
    list(network.train(data, np.int64(1), np.int64(1), np.float32(1)))  # type: ignore[arg-type]


def test_two_threads_can_save_to_one_path(tmp_path: Path) -> None:
    """Each writes a temporary file and renames it: the last one wins, complete."""
    network, path = small(), tmp_path / "net.json"
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(network.save, path) for _ in range(20)]:
            done.result()
    assert Network.load(path) == network
    assert [each.name for each in tmp_path.iterdir()] == ["net.json"]


def test_a_custom_activation_function_works_but_is_not_saved(tmp_path: Path) -> None:
    """A file that could never be read again is not written."""
    own = Activation("softsign", lambda z: z / (1 + abs(z)), lambda z: (1 + abs(z)) ** -2)
    network = Network([2, 3, 1], seed=0, activation=own)
    gradcheck(network, Vector([0.5, -1]), Vector([1]))
    with pytest.raises(DataError, match="'softsign' is a custom function"):
        network.save(tmp_path / "net.json")
    assert not list(tmp_path.iterdir())
