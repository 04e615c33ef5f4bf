"""The kit's strategies: drawn values, smallest values, rejected arguments."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from itertools import product
from math import isfinite, nan
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tinynn import ArgumentError, DataError, Matrix, Network, Perceptron, TinyNNError, Vector
from tinynn.teaching.strategies import (
    Valley,
    examples,
    halves,
    layer_sizes,
    matrices,
    matrices_for_product,
    mini_batches,
    networks,
    numbers,
    perceptron_networks,
    perceptrons,
    truth_tables,
    valleys,
    vectors,
)


def anything(value: object) -> bool:
    """Return True."""
    return True


def smallest(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool] = anything) -> Any:
    """Return the example that a student would see."""
    quick = settings(database=None, derandomize=True, phases=(Phase.generate, Phase.shrink))
    return find(strategy, condition, settings=quick)


# The smallest examples fit on a blackboard.


def test_the_smallest_vectors_and_matrices_have_small_whole_numbers() -> None:
    """The smallest has one entry, 0."""
    assert smallest(vectors()) == Vector([0])
    assert smallest(vectors(), lambda v: len(v) == 3) == Vector([0, 0, 0])
    assert smallest(vectors(), lambda v: v.norm() >= 1) == Vector([1])
    assert smallest(vectors(), lambda v: v[0] < 0) == Vector([-1])
    assert smallest(vectors(), lambda v: v[0] < -1) == Vector([-2])
    assert smallest(vectors(size=2), lambda v: v[0] > v[1]) == Vector([0, -1])
    assert smallest(matrices()) == Matrix([[0]])
    assert smallest(matrices(rows=2, columns=2), lambda w: w[0] != w[1]) == Matrix([[0, 0], [0, 1]])
    assert smallest(matrices_for_product()) == (Matrix([[0]]), Matrix([[0]]))
    A, B = smallest(matrices_for_product(), lambda pair: (pair[0] @ pair[1])[0][0] > 0)
    assert (Matrix([[1]]), Matrix([[1]])) == (A, B)


def test_the_smallest_network_is_a_chain_of_single_neurons() -> None:
    """It is 1-1 with zeros, or weights such as 1.0 and -2.0 if zeros do not fit."""
    assert smallest(layer_sizes()) == [1, 1]
    net = smallest(networks())
    assert (net.sizes, net.weights[0], net.biases[0]) == ((1, 1), Matrix([[0]]), Vector([0]))
    net = smallest(networks(), lambda net: net.weights[0][0][0] > 0.1)
    assert net.weights[0] == Matrix([[1]])
    net = smallest(networks(), lambda net: net.weights[0][0][0] < -1)
    assert net.weights[0] == Matrix([[-2]])
    net = smallest(networks(sizes=[2, 3, 1]))
    assert net.sizes == (2, 3, 1)
    assert smallest(networks(), lambda net: net.num_layers == 3).sizes == (1, 1, 1)


def test_the_smallest_perceptrons_tables_and_examples() -> None:
    """They have small whole numbers and halves, two rows, and one example."""
    assert repr(smallest(perceptrons())) == "Perceptron([0.0], 0.0)"
    never = smallest(perceptrons(), lambda neuron: neuron.weights[0] < 0)
    assert never.weights[0] == -0.5
    net = smallest(perceptron_networks())
    assert (net.sizes, net.biases[0]) == ((1, 1), Vector([0.5]))
    assert smallest(truth_tables()) == [0, 0]
    assert smallest(truth_tables(), lambda table: sum(table) == 3) == [0, 1, 1, 1]
    assert smallest(examples()) == [(Vector([0, 0]), Vector([0]))]
    assert smallest(mini_batches()) == [[(Vector([0, 0]), Vector([0]))]]
    two = smallest(mini_batches(), lambda batches: len(batches) == 2)
    assert [len(batch) for batch in two] == [1, 1]


def test_the_smallest_valley_is_half_v_squared() -> None:
    """The smallest is C = v²/2; a steeper one has a whole curvature."""
    assert smallest(valleys()) == Valley(Matrix([[1]]), Vector([0]), 1.0, 1.0)
    steeper = smallest(valleys(), lambda valley: valley.lipschitz > 2)
    assert steeper == Valley(Matrix([[3]]), Vector([0]), 3.0, 3.0)


# The drawn values.


@given(numbers(), vectors(max_size=2), vectors(st.just(7.0), min_size=2))
def test_numbers_are_moderate_and_sizes_are_kept(z: float, short: Vector, sevens: Vector) -> None:
    """There is no NaN and no underflow of a square; entries are drawn from elements."""
    assert isfinite(z)
    assert abs(z) <= 10
    assert z == 0 or z * z > 1e-300
    assert len(short) <= 2 <= len(sevens)
    assert set(sevens) == {7.0}


@given(st.data())
def test_an_exact_size_is_kept(data: st.DataObject) -> None:
    """size=, rows= and columns= are exact numbers."""
    n, k = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    assert len(data.draw(vectors(size=n))) == n
    assert data.draw(matrices(rows=n, columns=k)).shape == (n, k)
    assert len(data.draw(valleys(size=n)).bottom) == n


@given(matrices_for_product())
def test_matrices_for_product_have_a_product(pair: tuple[Matrix, Matrix]) -> None:
    """The first has as many columns as the second has rows."""
    A, B = pair
    assert (A @ B).shape == (A.shape[0], B.shape[1])


@given(layer_sizes(min_layers=3, max_layers=3, min_size=2, max_size=5), perceptron_networks())
def test_layer_sizes_keep_to_their_bounds(sizes: list[int], net: Network) -> None:
    """The neurons of a perceptron network have the step function."""
    assert len(sizes) == 3
    assert all(2 <= size <= 5 for size in sizes)
    assert net.activation.name == "step"


@given(st.data(), perceptron_networks())
def test_no_z_of_a_perceptron_network_is_near_0(data: st.DataObject, net: Network) -> None:
    """With whole weights and half biases |z| is at least 1/2 for all bits."""
    x = data.draw(st.lists(st.integers(0, 1), min_size=net.sizes[0], max_size=net.sizes[0]))
    passed = net.forward(Vector(x))
    assert all(abs(z) >= 0.5 for l in range(2, net.num_layers + 1) for z in passed[l].z)


@given(perceptrons(), networks(sizes=st.just([2, 2])))
def test_perceptrons_have_halves_and_networks_the_given_sizes(
    neuron: Perceptron, net: Network
) -> None:
    """Sums of halves are exact."""
    assert all((2 * number).is_integer() for number in [*neuron.weights, neuron.bias])
    assert net.sizes == (2, 2)


@given(examples(inputs=3, outputs=2, min_size=2), mini_batches(min_size=2, max_batches=4))
def test_examples_fit_and_only_the_last_mini_batch_is_smaller(data: Any, epoch: Any) -> None:
    """Examples are pairs (x, y) with entries from 0 to 1."""
    assert len(data) >= 2
    assert all((len(x), len(y)) == (3, 2) for x, y in data)
    assert all(0 <= entry <= 1 for x, y in data for entry in [*x, *y])
    m = len(epoch[0])
    assert all(len(batch) == m for batch in epoch[:-1])
    assert 1 <= len(epoch[-1]) <= m
    assert len(epoch) == 1 or m >= 2


@given(truth_tables(max_inputs=4))
def test_truth_tables_have_a_row_for_every_input(table: list[int]) -> None:
    """2^n answers, each a bit."""
    assert len(table) in (2, 4, 8, 16)
    assert set(table) <= {0, 1}


@given(st.data(), valleys())
def test_the_curvatures_of_a_valley_bound_how_fast_its_slope_changes(
    data: st.DataObject, valley: Valley
) -> None:
    """μ ‖u - v‖ <= ‖∇C(u) - ∇C(v)‖ <= L ‖u - v‖, and C is lowest at the bottom."""
    size = len(valley.bottom)
    u, v = data.draw(vectors(size=size)), data.draw(vectors(size=size))
    apart, change = (u - v).norm(), (valley.gradient(u) - valley.gradient(v)).norm()
    assert valley.curvature * apart <= change + 1e-9
    assert change <= valley.lipschitz * apart + 1e-9
    assert valley.cost(v) >= -1e-9
    assert valley.gradient(valley.bottom).norm() == 0
    assert valley.matrix.shape == (size, size)


def test_both_curvatures_are_reached() -> None:
    """They are the smallest and the largest curvature, not only bounds."""
    valley = smallest(valleys(size=2), lambda each: each.lipschitz > 2 * each.curvature)
    steps = [
        Vector([p / 20, q / 20]) for p, q in product(range(-20, 21), repeat=2) if (p, q) != (0, 0)
    ]
    ratios = [(valley.matrix @ step).norm() / step.norm() for step in steps]
    assert min(ratios) == pytest.approx(valley.curvature, rel=0.01)
    assert max(ratios) == pytest.approx(valley.lipschitz, rel=0.01)


# Rejected arguments.


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: vectors([1.0]), "elements: expected a strategy for floats, got a list of 1"),  # type: ignore[arg-type]
        (lambda: vectors(min_size=0), "min_size: expected a whole number of at least 1, got 0"),
        (lambda: vectors(max_size=2.5), "max_size: expected a whole number"),  # type: ignore[arg-type]
        (
            lambda: vectors(min_size=4, max_size=2),
            "max_size: expected at least min_size = 4, got 2",
        ),
        (lambda: vectors(min_size=6), "max_size: expected at least min_size = 6, got 5"),
        (lambda: vectors(size=0), "size: expected a whole number of at least 1, got 0"),
        (lambda: matrices(rows="3"), "rows: expected a whole number"),  # type: ignore[arg-type]
        (lambda: matrices(min_rows=9), "max_rows: expected at least min_rows = 9, got 4"),
        (lambda: matrices(max_columns=0), "max_columns"),
        (lambda: matrices_for_product(max_side=0), "max_side"),
        (lambda: layer_sizes(min_layers=1), "min_layers: expected a whole number of at least 2"),
        (lambda: layer_sizes(max_size=0), "max_size"),
        (lambda: networks(sizes=[2]), "sizes: expected two or more layers"),
        (lambda: networks(sizes=[2, 0]), r"sizes\[1\]: expected a whole number"),
        (lambda: networks(sizes="23"), "sizes"),  # type: ignore[arg-type]
        (lambda: networks(activation="tan"), "activation"),
        (lambda: perceptrons(min_size=-1), "min_size"),
        (lambda: perceptron_networks(3), "elements: expected a strategy for floats, got 3"),  # type: ignore[arg-type]
        (lambda: halves(0.5), "min_value: expected a whole number, got 0.5"),  # type: ignore[arg-type]
        (lambda: halves(3, 1), "max_value: expected at least min_value = 3, got 1"),
        (lambda: numbers(2, 1), "max_value: expected at least min_value = 2.0, got 1.0"),
        (lambda: examples(inputs=0), "inputs"),
        (lambda: examples(outputs=True), "outputs"),
        (lambda: mini_batches(min_batches=0), "min_batches"),
        (lambda: truth_tables(min_inputs=0), "min_inputs"),
        (lambda: truth_tables(min_inputs=5), "max_inputs: expected at least min_inputs = 5, got 3"),
        (
            lambda: valleys(min_curvature=0),
            "min_curvature: expected a finite number above 0, got 0",
        ),
        (lambda: valleys(min_curvature=9), "max_curvature: expected at least min_curvature = 9"),
        (lambda: valleys(size=0), "size"),
    ],
)
def test_a_bad_argument_raises_an_error_with_its_name_at_the_call(call: Any, words: str) -> None:
    """The error is not delayed until the first example."""
    with pytest.raises(ArgumentError, match=words):
        call()


def test_bounds_must_be_numbers() -> None:
    """NaN, which compares false with everything, is rejected too."""
    for bad in (nan, "1", None):
        with pytest.raises(DataError, match="min_value"):
            numbers(bad)  # type: ignore[arg-type]


def test_elements_that_are_not_numbers_fail_in_the_first_vector() -> None:
    """A strategy for strings is accepted; the error of its first Vector names the entry."""
    with pytest.raises(TinyNNError, match="Vector entry 0: expected a finite number, got 'x'"):
        smallest(vectors(st.just("x")))  # type: ignore[arg-type]


# The entry point.


def test_hypothesis_finds_the_strategies_automatically() -> None:
    """With the kit installed, from_type(Vector) does not need an import of tinynn.teaching."""
    ours = [each for each in entry_points(group="hypothesis") if each.name == "tinynn"]
    if not ours:
        pytest.skip("needs an installed package: the entry point is written then")
    code = (
        "from hypothesis import find, strategies as st; from tinynn import *\n"
        "print([find(st.from_type(each), lambda value: True) for each in (Vector, Matrix)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[Vector([0.0]), Matrix([[0.0]])]\n", done.stderr


@pytest.mark.slow
def test_register_adds_the_types_to_hypothesis() -> None:
    """The entry point calls register()."""
    code = (
        "from hypothesis import find, strategies as st; from tinynn import *\n"
        "from tinynn.teaching.strategies import Valley, register\n"
        "register()\n"
        "kinds = (Vector, Matrix, Network, Perceptron, Valley)\n"
        "print([type(find(st.from_type(kind), lambda _: True)) is kind for kind in kinds])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[True, True, True, True, True]\n", done.stderr
