"""Misuse: each likely mistake raises a tinynn error with the line to write instead."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.helpers.misuse import misuses
from tinynn import (
    Activation,
    Dense,
    Matrix,
    Network,
    TinyNNError,
    Vector,
    descend,
    gradcheck,
    load_digits,
    truth_table_circuit,
)
from tinynn.activations import linear_prime, step_prime
from tinynn.baselines import AverageDarkness
from tinynn.circuits import Circuit
from tinynn.costs import Cost
from tinynn.datasets import DataSet
from tinynn.equations.updates import updated_biases, updated_weights
from tinynn.fast import Network as FastNetwork

DIGITS = load_digits()
NET = Network([64, 30, 10], seed=0)
FAST = FastNetwork([64, 30, 10], seed=0)
X, Y = DIGITS.test[4]
PAIR = X, Y


def train(data: Any, **others: Any) -> object:
    """Return a run on data of any kind."""
    return NET.train(data, 1, 10, 3.0, **others)


# A name, a call, and the words of its error: expected, given, and the text to write instead.
TABLE: list[tuple[str, Callable[[], object], str, str, str]] = [
    ("a generator of NumPy", lambda: Network([2, 1], rng=np.random.default_rng()),  # type: ignore[arg-type]
     "rng: expected a generator with random(), gauss() and shuffle()", "got a Generator",
     "rng=random.Random(0), or seed=0"),
    ("a seed that is text", lambda: Network([2, 1], seed="1"),  # type: ignore[arg-type]
     "seed: expected a whole number", "got '1' (a str)", "seed=0"),
    ("a number as a Vector", lambda: Vector(5.0),  # type: ignore[arg-type]
     "Vector: expected a list of numbers", "got 5.0", "[0.5, 1.0]"),
    ("an array without axes", lambda: Vector(np.array(5.0)),
     "Vector: expected a list of numbers", "got a ndarray", "[0.5, 1.0]"),
    ("a set as a Vector", lambda: Vector({1, 2}),
     "Vector: expected a list of numbers", "got a set", "[0.5, 1.0]"),
    ("a column as a Vector", lambda: Vector(np.zeros((64, 1))),
     "Vector entry 0: expected a finite number", "got a row of a ndarray of 64×1", "x.ravel()"),
    ("numbers as a Matrix", lambda: Matrix(5),  # type: ignore[arg-type]
     "Matrix: expected a list of rows of numbers", "got 5", "Matrix([[1, 2], [3, 4]])"),
    ("a missing entry", lambda: X[64],
     "Vector entry: expected 0 to 63", "got 64", "v[0]"),
    ("an entry by name", lambda: Vector([1])["a"],  # type: ignore[call-overload]
     "Vector entry: expected 0 to 0", "got 'a' (a str)", "v[0]"),
    ("a set of sizes", lambda: Network({2, 3}),  # type: ignore[arg-type]
     "sizes: expected two layers or more", "got a set", "[2, 3, 1]"),
    ("a dict of sizes", lambda: Network({0: 2, 1: 3}),  # type: ignore[arg-type]
     "sizes: expected two layers or more", "got a dict", "[2, 3, 1]"),
    ("far too many neurons", lambda: Network([64, 100_000_000, 10]),
     "sizes: expected layers of at most 10,000,000 weights", "got 7,500,000,010", "smaller ones"),
    ("a layer by text", lambda: NET.layer("2"),  # type: ignore[arg-type]
     "layer: expected 2 to 3", "got '2' (a str)", "network.layer(2)"),
    ("a digit for y", lambda: NET.backprop(X, 3),  # type: ignore[arg-type]
     "y: expected a Vector of 10", "got 3", "Vector.one_hot(3, 10)"),
    ("a digit for y, in data", lambda: train([(X, 3)]),
     "training_data, example 0, y: expected a Vector of 10", "got 3", "Vector.one_hot(3, 10)"),
    ("a list for x", lambda: NET.backprop([0.0] * 64, Y),  # type: ignore[arg-type]
     "x: expected a Vector of 64", "got a list of 64", "Vector([…])"),
    ("a column for x", lambda: NET.backprop(np.zeros((64, 1)), Y),  # type: ignore[arg-type]
     "x: expected a Vector of 64", "got a ndarray of 64×1", "flatten it: x.ravel()"),
    ("an image for x", lambda: NET.feedforward(np.zeros((8, 8))),  # type: ignore[arg-type]
     "x entry 0: expected a finite number", "got a row of a ndarray of 8×8", "x.ravel()"),
    ("an image for x, in fast", lambda: FAST.predict(np.zeros((8, 8))),
     "x entry 0: expected a finite number", "got a row of a ndarray of 8×8", "x.ravel()"),
    ("columns in data, in fast", lambda: FAST.evaluate([(np.zeros((64, 1)), np.zeros((10, 1)))]),  # type: ignore[list-item]
     "examples, example 0, x entry 0: expected a finite number",
     "got a row of a ndarray of 64×1", "x.ravel()"),
    ("a dict of examples", lambda: train({"a": PAIR}),
     "training_data: expected a list of (x, y) pairs", "got a dict", "list(data.values())"),
    ("a zip of examples", lambda: train(zip([X], [Y])),
     "training_data: expected a list of (x, y) pairs", "got a zip", "list(zip(xs, ys))"),
    ("an array of examples", lambda: train(np.zeros((3, 64))),
     "training_data: expected a list of (x, y) pairs", "got a ndarray of 3×64",
     "DataSet.from_arrays(X, labels).training"),
    ("the whole data set", lambda: train(DIGITS),
     "training_data: expected one part of the data", "got a DataSet", "data.training"),
    ("a missing example", lambda: DIGITS.training[1000],
     "example: expected 0 to 999", "got 1000", "data.training[0]"),
    ("lists as arrays", lambda: DataSet.from_arrays([[0, 1]], [0]),
     "X: expected an array of numbers", "got a list of 1", "numpy.array(X)"),
    ("images as rows", lambda: DataSet.from_arrays(np.zeros((3, 8, 8)), [0, 1, 2]),
     "X: expected (n, k), a row for each example", "got 3×8×8", "X.reshape(n, -1)"),
    ("a path with a null byte", lambda: Network.load("net\0.json"),
     "path: expected the name of a file", r"got 'net\x00.json' (a str)", '"net.json"'),
    ("an open file for a path", lambda: NET.save(3),  # type: ignore[arg-type]
     "path: expected the name of a file", "got 3", '"net.json"'),
    ("a number to call", lambda: descend(3, 1.0, 0.1, 5),  # type: ignore[arg-type]
     "C: expected a function", "got 3", "lambda v: v @ v"),
    ("an answer to call", lambda: train([PAIR], on_mini_batch="print"),
     "on_mini_batch: expected a function", "got 'print' (a str)", "on_mini_batch=print"),
    ("a fast network to check", lambda: gradcheck(FAST, X, Y),  # type: ignore[arg-type]
     "network: expected a tinynn.Network", "got a Network", "network.to_pure()"),
    ("an answer that takes nothing", lambda: train([PAIR], on_mini_batch=lambda: None),
     "on_mini_batch: expected a function of 1 argument", "got a function", "on_mini_batch=print"),
    ("a cost of one number", lambda: Network([2, 1], cost=Cost("own", abs, abs)),  # type: ignore[arg-type]
     "cost value: expected a function of 2 arguments", "got a builtin", "Cost('quadratic',"),
    ("an activation without its slope",
     lambda: Dense(3, Activation("own", abs, None)),  # type: ignore[arg-type]
     "activation derivative: expected a function", "got None", "Activation('square',"),
    ("a number as a truth table", lambda: truth_table_circuit(6),  # type: ignore[arg-type]
     "table: expected a list of bits", "got 6", "[0, 1, 1, 0]"),
    ("one wire as all outputs", lambda: setattr(Circuit(["p"]), "outputs", "p"),
     "outputs: expected a list of wires", "got 'p' (a str)", 'circuit.outputs = ["g4"]'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "expected", "given", "write"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_error_of_a_likely_mistake_has_the_line_to_write_instead(
    call: Callable[[], object], expected: str, given: str, write: str
) -> None:
    """The message is one line: the expected value, the given one, and the text to write."""
    with pytest.raises(TinyNNError) as caught:
        call()
    words = str(caught.value)
    assert "\n" not in words
    assert len(words) < 250
    assert words.index(expected) < words.index(given) < words.rindex(write), words


NAN = float("nan")


@pytest.mark.parametrize("eta", [NAN, float("inf"), True, "0.5", None])
def test_the_equations_reject_an_eta_that_is_not_a_finite_number(eta: Any) -> None:
    """(20) and (21) with η = NaN once made all weights NaN, without an error."""
    v, m = Vector([1]), Matrix([[1]])
    for call in (lambda: updated_weights(m, m, eta, 1), lambda: updated_biases(v, v, eta, 1)):
        with pytest.raises(TinyNNError, match="eta: expected a finite number"):
            call()


def test_meaningless_arguments_raise_an_error(tmp_path: Path) -> None:
    """Each of these calls was once accepted."""
    run = Network([2, 1], seed=0).train([(Vector([0, 1]), Vector([1]))], 2, 1, 0.5, seed=0)
    next(run)
    run.save(tmp_path / "run.json")
    with pytest.raises(TinyNNError, match="test_data: this run uses none, got 'no'"):
        Network.resume(tmp_path / "run.json", run._data["training"], test_data="no")  # type: ignore[arg-type]
    for slope in (step_prime, linear_prime):
        with pytest.raises(TinyNNError, match="z: expected a number, got 'a'"):
            slope("a")  # type: ignore[arg-type]
    with pytest.raises(TinyNNError, match="darkness: expected a finite number, got nan"):
        AverageDarkness(DIGITS.training).answer(NAN)


def test_the_table_has_at_least_thirty_misuses() -> None:
    """Their names are unique."""
    assert len({name for name, *_ in TABLE}) == len(TABLE) >= 30


def test_a_missing_entry_is_an_index_error_too() -> None:
    """Python's ``reversed`` and ``in`` depend on it."""
    part = DIGITS.training[:3]
    with pytest.raises(IndexError):
        part[3]
    with pytest.raises(IndexError):
        X[64]
    assert len(list(reversed(part))) == 3
    assert (X, Y) not in part
    assert part[-1] == part[2]


def test_labels_and_seeds_of_numpy_are_whole_numbers() -> None:
    """An entry of an array of labels is accepted like an int."""
    assert Vector.one_hot(np.int64(3), 10) == Vector.one_hot(3, 10)  # type: ignore[arg-type]
    assert Network([2, 1], seed=np.int64(3)) == Network([2, 1], seed=3)  # type: ignore[arg-type]
    assert NET.layer(np.int64(2)) is NET.layer(2)  # type: ignore[arg-type]


def test_a_message_never_quotes_a_long_value() -> None:
    """It quotes neither a text of megabytes nor a number with thousands of digits."""
    for value in ("a" * 10**6, b"a" * 10**6, [0] * 10**6, 10**5000, np.zeros(10**5)):
        calls = [Network, NET.layer, NET.predict, Network.load, DIGITS.test.label]
        for call in calls + [Vector] * isinstance(value, (str, bytes, int)):
            with pytest.raises((TinyNNError, OSError)) as caught:
                call(value)  # type: ignore[operator]
            assert len(str(caught.value)) < 300 or isinstance(caught.value, OSError)


@pytest.mark.slow
def test_random_misuses_end_well_or_in_a_tinynn_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every public call gets arguments of every wrong kind: at most 0.1 % end otherwise."""
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcomes = list(misuses(tmp_path, seed=11, count=3000))
    assert sum(bool(outcome.nonsense) for outcome in outcomes) > 100
    undeclared = [outcome for outcome in outcomes if not outcome.is_declared]
    assert sum(outcome.error is not None for outcome in outcomes) > 1000, "they are misuses"
    assert len(undeclared) <= 3, undeclared
