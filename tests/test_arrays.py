"""Examples from NumPy arrays: the same for both engines, without copies."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tinynn import DataError, DataSet, Network, ShapeError, Vector
from tinynn.fast import Network as FastNetwork

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def test_labels_become_one_hot_vectors() -> None:
    """Labels are integers from 0. The largest label, or ``classes``, sets the length of y."""
    data = DataSet.from_arrays(X, np.array([0, 2, 1, 0])).training
    assert len(data) == 4
    assert data[1] == (Vector([0, 1]), Vector([0, 0, 1]))
    assert [data.label(i) for i in range(4)] == list(data.labels) == [0, 2, 1, 0]
    assert len(DataSet.from_arrays(X, [0, 1, 1, 0], classes=5).training[0][1]) == 5


def test_one_hot_rows_are_used_unchanged() -> None:
    """(n, J): also of one column, as XOR has it."""
    rows = np.array([[0.0], [1.0], [1.0], [0.0]], "float32")
    data = DataSet.from_arrays(X, rows).training
    assert list(data)[2] == (Vector([1, 0]), Vector([1]))
    one_hot = DataSet.from_arrays(X, np.eye(4)).training
    assert list(one_hot.labels) == [0, 1, 2, 3]


def test_the_last_examples_become_validation_and_test_data() -> None:
    """In the order of the arrays: training, validation, test."""
    data = DataSet.from_arrays(X, [0, 1, 2, 3], validation=1, test=2)
    assert [len(part) for part in data] == [1, 1, 2]
    assert [list(part.labels) for part in data] == [[0], [1], [2, 3]]
    assert data.test[0][0] == Vector([1, 0])
    assert list(data.test[1:].labels) == [3]


@pytest.mark.parametrize("dtype", ["float64", "float32", "uint8", "int64", "bool"])
def test_both_engines_learn_the_same_from_arrays_and_from_vectors(dtype: str) -> None:
    """For every type of number, an array means the same as its Vectors."""
    y = np.array([[0], [1], [1], [0]])
    data = DataSet.from_arrays(X.astype(dtype), y).training
    pairs = [(Vector(p), Vector(q)) for p, q in zip(X, y)]
    for engine in (Network, FastNetwork):
        ours, theirs = engine([2, 2, 1], seed=4), engine([2, 2, 1], seed=4)
        last = [list(net.train(d, 50, 2, 9.0, test_data=d, seed=0))[-1] for net, d in
                [(ours, data), (theirs, pairs)]]  # fmt: skip
        assert ours == theirs
        assert last[0][1:4] == last[1][1:4]


def test_arrays_are_not_copied() -> None:
    """50,000 images do not take the memory of 50,000 Vectors, in either engine."""
    pixels = np.zeros((50_000, 100), "float32")
    labels = np.arange(50_000) % 10
    network = FastNetwork([100, 5, 10], seed=0, dtype="float32")
    tracemalloc.start()
    data = DataSet.from_arrays(pixels, labels)
    list(network.train(data.training, 1, 100, 0.5, seed=0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert data.training.inputs.base is pixels  # type: ignore[attr-defined]
    assert peak < pixels.nbytes, f"{peak:,} bytes beside {pixels.nbytes:,}"


@pytest.mark.parametrize(
    ("inputs", "labels", "words"),
    [
        ([[0, 1]], [0], "X: expected an array of numbers, such as numpy.array.* got a list of 1"),
        (np.zeros(3), [0, 0, 0], r"X: expected \(n, k\), a row for each example, got 3"),
        (np.zeros((2, 2, 2)), [0, 0], "a row for each example, got 2×2×2"),
        (np.zeros((0, 2)), [], "got 0×2"),
        (np.array([["a"]]), [0], "X: expected an array of numbers"),
        (np.array([[1, None]]), [0], "X: expected an array of numbers"),
        (
            np.array([[0.0], [np.nan]]),
            [0, 1],
            r"X, example 1 entry 0: expected a finite number, got nan",
        ),
        (
            np.array([[0.0], [-np.inf]]),
            [0, 1],
            "X, example 1 entry 0: expected a finite number, got -inf",
        ),
        (np.zeros((2, 1)), [0], "labels: expected one for each of 2 examples, got 1"),
        (np.zeros((2, 1)), [0, -1], "label 1: expected a whole number from 0, got -1"),
        (np.zeros((2, 1)), [0, 0.5], "label 1: expected a whole number from 0, got 0.5"),
        (np.zeros((2, 1)), [0, "1"], "label 1: expected a whole number from 0, got '1'"),
        (np.zeros((2, 1)), 3, "labels: expected one for each of 2 examples, got 3"),
        (
            np.zeros((2, 1)),
            np.array([[1.0], [np.nan]]),
            "labels, example 1 entry 0: expected a finite number",
        ),
    ],
)
def test_arguments_that_are_not_examples_are_rejected_by_place(
    inputs: Any, labels: Any, words: str
) -> None:
    """Which argument, which example, and what was expected."""
    with pytest.raises((DataError, ShapeError), match=words):
        DataSet.from_arrays(inputs, labels)


def test_labels_and_parts_that_do_not_fit_are_rejected() -> None:
    """Too few classes, no training examples left, or a network of other sizes."""
    with pytest.raises(DataError, match="labels: expected 0 to 2, got 3"):
        DataSet.from_arrays(X, [0, 1, 2, 3], classes=3)
    with pytest.raises(DataError, match="training: expected at least one example, got none"):
        DataSet.from_arrays(X, [0, 1, 2, 3], test=4)
    data = DataSet.from_arrays(X, [0, 1, 2, 3])
    for engine in (Network, FastNetwork):
        with pytest.raises(ShapeError, match="training_data"):
            engine([2, 3], seed=0).train(data.training, 1, 1, 1.0)
        with pytest.raises(DataError, match="expected one part of the data"):
            engine([2, 4], seed=0).train(data, 1, 1, 1.0)  # type: ignore[arg-type]


NAN, INF = float("nan"), float("inf")


def wrapped(*numbers: float) -> Vector:
    """Return a Vector of numbers that nobody has checked, as ``entries`` can be written to."""
    return Vector.wrap(list(numbers))


@pytest.mark.parametrize("engine", [Network, FastNetwork])
@pytest.mark.parametrize("number", [NAN, INF, -INF])
@pytest.mark.parametrize(
    "call", ["train", "test_data", "update", "gradient", "evaluate", "answers"]
)
@pytest.mark.parametrize("part", ["x", "y"])
@pytest.mark.parametrize("kind", ["Vectors", "arrays", "ArrayExamples"])
def test_every_entry_point_of_the_data_names_a_nonfinite_number(
    engine: Any, number: float, call: str, part: str, kind: str
) -> None:
    """The data, the example and the number; never the learning rate, never a right answer."""
    inputs, outputs = np.zeros((3, 2)), np.zeros((3, 2))
    data: Any = DataSet.from_arrays(inputs, outputs).training
    (inputs if part == "x" else outputs)[2, 1] = number  # the arrays are shared
    if kind == "Vectors" or engine is Network and kind == "arrays":
        data = [(wrapped(*x), wrapped(*y)) for x, y in zip(inputs, outputs)]
    elif kind == "arrays":
        data = list(zip(inputs, outputs))
    net = engine([2, 3, 2], seed=0)
    good = [(Vector([0, 1]), Vector([0, 1]))]
    calls: dict[str, tuple[str, Callable[[], object]]] = {
        "train": ("training_data", lambda: net.train(data, 1, 1, 0.5)),
        "test_data": ("test_data", lambda: net.train(good, 1, 1, 0.5, test_data=data)),
        "update": ("mini_batch", lambda: net.update_mini_batch(data, 0.5)),
        "gradient": ("mini_batch", lambda: net.backprop_mini_batch(data)),
        "evaluate": ("examples", lambda: net.evaluate(data)),
        "answers": ("examples", lambda: net.answers(data)),
    }
    name, misuse = calls[call]
    words = f"{name}, example 2, {part} entry 1: expected a finite number, got {number}"
    with pytest.raises(DataError, match=words):
        misuse()


@pytest.mark.parametrize("engine", [Network, FastNetwork])
def test_a_nonfinite_number_in_a_single_example_is_named(engine: Any) -> None:
    """Of a Vector, of a list, of an array."""
    net = engine([2, 3, 2], seed=0)
    for x in (wrapped(0.5, NAN), [0.5, NAN], np.array([0.5, NAN])):
        for call in (net.feedforward, net.predict):
            with pytest.raises(DataError, match="x entry 1: expected a finite number, got nan"):
                call(x)
    with pytest.raises(DataError, match="entry 1: expected a finite number, got nan"):
        net.backprop(wrapped(0.5, NAN), Vector([0, 1]))


def test_a_number_too_large_for_float32_is_named_too() -> None:
    """It would be infinite there."""
    net = FastNetwork([2, 1], seed=0, dtype="float32")
    with pytest.raises(
        DataError, match=r"example 0, x entry 1: .* at most 3.4e\+38 .*, got 1e\+39"
    ):
        net.evaluate([(Vector([0, 1e39]), Vector([1]))])
    data = DataSet.from_arrays(np.array([[0.0], [1e39]]), [0, 1])
    with pytest.raises(DataError, match="training_data, example 1, x entry 0"):
        FastNetwork([1, 2], seed=0, dtype="float32").train(data.training, 1, 1, 0.5)


@pytest.mark.parametrize("engine", [Network, FastNetwork])
def test_a_network_with_nonfinite_weights_is_not_scored(engine: Any) -> None:
    """Where an output is nan, its answers would count as right; and no learning rate causes it."""
    net = engine([2, 3, 2], seed=0)
    net.weights[0][0][0] = 0.5
    good = [(Vector([0, 1]), Vector([0, 1]))]
    assert net.evaluate(good) in (0, 1)
    row = net.weights[0][0]
    (row.entries if isinstance(row, Vector) else row)[0] = NAN
    for call in (net.evaluate, lambda data: net.train(data, 1, 1, 0.5)):
        with pytest.raises(DataError, match="network: expected finite weights and biases"):
            call(good)
