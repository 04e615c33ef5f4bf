"""Twins: a loop function and its array function are the same equation."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tinynn.fast  # declares the twins  # noqa: F401
from tinynn import Matrix, Vector
from tinynn.activations import ACTIVATIONS, Activation, sigmoid
from tinynn.equations import softmax
from tinynn.fast.equations.activations import FAST_ACTIVATIONS
from tinynn.fast.equations.convolution import Windows
from tinynn.fast.equations.pooling import blocks_view
from tinynn.notation import Twin, equations, twins, twins_together

Case = dict[str, Any]  # the arguments of a pure function by name; of m examples, lists of m


def numbers(draw: Any, *shape: int) -> Any:
    """Return a Vector or a Matrix of this shape."""
    entries = draw(st.lists(st.floats(-3, 3), min_size=prod(shape), max_size=prod(shape)))
    array = np.array(entries).reshape(shape)
    return Vector(array) if len(shape) == 1 else Matrix(array)


def each(draw: Any, m: int, size: int) -> list[Vector]:
    """Return a Vector of this size for each of m examples."""
    return [numbers(draw, size) for _ in range(m)]


def shares(draw: Any, m: int, size: int) -> list[Vector]:
    """Return a Vector of numbers from 0 to 1, not all of them 0, for each of m examples."""
    share = st.sampled_from([0.0, 0.0, 1.0, 0.25, 0.9])
    rows = st.lists(share, min_size=size, max_size=size).filter(any)
    return [Vector(draw(rows)) for _ in range(m)]


def rounded(w: float) -> float:
    """Return 0 for a small weight: what has no sign."""
    return 0.0 if abs(w) < 0.5 else w


# What the functions are tried with: J neurons after K, a mini-batch of m.
CASES: dict[str, Callable[[Any, int, int, int], Case]] = {
    "weighted_input": lambda draw, J, K, m: {
        "weights": numbers(draw, J, K),
        "activations": each(draw, m, K),
        "biases": numbers(draw, J),
    },
    "activation": lambda draw, J, K, m: {
        "weighted_inputs": each(draw, m, J),
        "function": draw(st.sampled_from(list(ACTIVATIONS.values()))),
    },
    "output_error": lambda draw, J, K, m: {
        "cost_derivative": each(draw, m, J),
        "weighted_inputs": each(draw, m, J),
        "function": draw(st.sampled_from(list(ACTIVATIONS.values()))),
    },
    "hidden_error": lambda draw, J, K, m: {
        "next_weights": numbers(draw, K, J),
        "next_error": each(draw, m, K),
        "weighted_inputs": each(draw, m, J),
        "function": draw(st.sampled_from(list(ACTIVATIONS.values()))),
    },
    "bias_gradient": lambda draw, J, K, m: {"error": each(draw, m, J), "sums": Vector.zeros(J)},
    "weight_gradient": lambda draw, J, K, m: {
        "activations": each(draw, m, K),
        "error": each(draw, m, J),
        "sums": Matrix.zeros(J, K),
    },
    "quadratic": lambda draw, J, K, m: {
        "outputs": each(draw, m, J),
        "desired": each(draw, m, J),
    },
    "quadratic_derivative": lambda draw, J, K, m: {
        "outputs": each(draw, m, J),
        "desired": each(draw, m, J),
    },
    "cross_entropy": lambda draw, J, K, m: {
        "outputs": [v.map(sigmoid) for v in each(draw, m, J)],
        "desired": shares(draw, m, J),
    },
    "log_likelihood": lambda draw, J, K, m: {
        "outputs": [softmax(v) for v in each(draw, m, J)],
        "desired": [v * (1.0 / sum(v)) for v in shares(draw, m, J)],
    },
    "matched_error": lambda draw, J, K, m: {
        "outputs": each(draw, m, J),
        "desired": each(draw, m, J),
    },
    "softmax": lambda draw, J, K, m: {
        "weighted_inputs": [v * draw(st.sampled_from([1.0, 1e3, 1e307])) for v in each(draw, m, J)]
    },
    "mean_cost": lambda draw, J, K, m: {"example_costs": numbers(draw, m)},
    "updated_weights": lambda draw, J, K, m: {
        "weights": numbers(draw, J, K),
        "nabla_sum": numbers(draw, J, K),
        "eta": draw(st.floats(0.01, 10)),
        "m": m,
    },
    **{
        name: lambda draw, J, K, m: {
            "weights": Matrix([row.map(rounded) for row in numbers(draw, J, K)]),
            "nabla_sum": numbers(draw, J, K),
            "eta": draw(st.floats(0.01, 10)),
            "m": m,
            "lmbda": draw(st.floats(0.0, 10)),
            "n": draw(st.integers(1, 1000)),
        }
        for name in ("l2_updated_weights", "l1_updated_weights")
    },
    **{
        name: lambda draw, J, K, m: {
            "nabla_sum": numbers(draw, J, K),
            "weights": Matrix([row.map(rounded) for row in numbers(draw, J, K)]),
            "m": m,
            "lmbda": draw(st.floats(0.0, 10)),
            "n": draw(st.integers(1, 1000)),
        }
        for name in ("l2_gradient", "l1_gradient")
    },
    "updated_velocity": lambda draw, J, K, m: {
        "velocity": numbers(draw, J, K),
        "nabla_sum": numbers(draw, J, K),
        "mu": draw(st.floats(-2, 2)),
        "eta": draw(st.floats(0.01, 10)),
        "m": m,
    },
    "moved_weights": lambda draw, J, K, m: {
        "weights": numbers(draw, J, K),
        "velocity": numbers(draw, J, K),
    },
    "weights_ahead": lambda draw, J, K, m: {
        "weights": numbers(draw, J, K),
        "velocity": numbers(draw, J, K),
        "mu": draw(st.floats(-2, 2)),
    },
    "masked_activation": lambda draw, J, K, m: {
        "mask": numbers(draw, J).map(rounded),
        "activations": each(draw, m, J),
    },
    "masked_error": lambda draw, J, K, m: {
        "mask": numbers(draw, J).map(rounded),
        "next_error": each(draw, m, J),
        "weighted_inputs": each(draw, m, J),
        "function": draw(st.sampled_from(list(ACTIVATIONS.values()))),
    },
    **{
        name: lambda draw, J, K, m: {
            "cost": draw(st.floats(0, 10)),
            "weights": (numbers(draw, J, K), numbers(draw, m, J)),
            "lmbda": draw(st.floats(0.0, 10)),
            "n": m,
        }
        for name in ("l2_cost", "l1_cost")
    },
    "convolved_input": lambda draw, J, K, m: {
        "weights": numbers(draw, 3, J * 2),
        "biases": numbers(draw, 3),
        "activations": each(draw, m, J * 2 * K),
        "shape": (J, 2, K),
        "field": (2, 1),
    },
    "convolution_error": lambda draw, J, K, m: {
        "next_weights": numbers(draw, 2, J * 2 * min(K, 3)),
        "next_error": each(draw, m, 2 * 3 * (K - min(K, 3) + 1)),
        "shape": (J, 4, K),
        "field": (2, min(K, 3)),
        "weighted_inputs": each(draw, m, J * 4 * K),
        "function": draw(st.sampled_from(list(ACTIVATIONS.values()))),
    },
    "shared_bias_gradient": lambda draw, J, K, m: {
        "error": each(draw, m, J * K * 2),
        "shape": (J, K, 2),
        "sums": Vector.zeros(J),
    },
    "shared_weight_gradient": lambda draw, J, K, m: {
        "activations": each(draw, m, 2 * 3 * K),
        "shape": (2, 3, K),
        "field": (2, 1),
        "error": each(draw, m, J * 2 * K),
        "sums": Matrix.zeros(J, 4),
    },
    **{
        name: lambda draw, J, K, m: {
            "activations": [v.map(rounded) for v in each(draw, m, J * 2 * 3 * K)],
            "shape": (J, 2, 3 * K),
            "size": (2, 3),
        }
        for name in ("max_pooled", "l2_pooled")
    },
    **{
        name: lambda draw, J, K, m: {
            "activations": [v.map(rounded) for v in each(draw, m, J * 2 * 3 * K)],
            "shape": (J, 2, 3 * K),
            "size": (2, 3),
            "next_error": each(draw, m, J * K),
            "weighted_inputs": each(draw, m, J * 2 * 3 * K),
            "function": draw(st.sampled_from(list(ACTIVATIONS.values()))),
        }
        for name in ("max_pooling_error", "l2_pooling_error")
    },
    "updated_biases": lambda draw, J, K, m: {
        "biases": numbers(draw, J),
        "nabla_sum": numbers(draw, J),
        "eta": draw(st.floats(0.01, 10)),
        "m": m,
    },
    "sigmoid": lambda draw, J, K, m: {"z": draw(st.floats(-1e308, 1e308))},
    "sigmoid_prime": lambda draw, J, K, m: {"z": draw(st.floats(-1e308, 1e308))},
}

# How the fast path has what the loops compute where they need it: declared as ``instead``.
INSTEAD: dict[str, Callable[[Case], Any]] = {
    "sigma_prime": lambda case: columns(
        [z.map(case["function"].derivative) for z in case["weighted_inputs"]]
    ),
    "ones": lambda case: np.ones(len(case["error"]) * prod(case.get("shape", (1,))[1:])),
    "windows": lambda case: Windows(
        case["shape"], case["field"], len(case["activations"]), "float64"
    ).take(columns(case["activations"])),
    "maps": lambda case: in_blocks(case),
    "largest": lambda case: in_blocks(case).max((2, 4)),
    "lengths": lambda case: np.sqrt((in_blocks(case) ** 2).sum((2, 4))),
    "work": lambda case: None,
    "scaled_sum": lambda case: case["eta"] / case["m"] * array(case["nabla_sum"]),
    "mean": lambda case: array(case["nabla_sum"]) / case["m"],
    "decay": lambda case: np.array(case["lmbda"] / case["n"]),
    "shrink": lambda case: np.array(1.0 - case["eta"] * case["lmbda"] / case["n"]),
    "constant": lambda case: np.array(case["eta"] * case["lmbda"] / case["n"]),
    "a": lambda case: np.array([ACTIVATIONS["sigmoid"].value(case["z"])]),
}


def in_blocks(case: Case) -> Any:
    """Return the activations of a pooling, as maps of blocks."""
    maps = columns(case["activations"]).reshape(*case["shape"], -1)
    return blocks_view(maps, case["size"])


def columns(vectors: list[Vector]) -> Any:
    """Return m Vectors of J as an array J×m."""
    return np.array([v.to_list() for v in vectors]).T


def array(value: Any, is_column: bool = False) -> Any:
    """Return one argument of the loops as the fast path takes it: the one conversion there is."""
    if isinstance(value, list):
        return columns(value)
    if isinstance(value, Activation):
        return FAST_ACTIVATIONS[value.name]
    if isinstance(value, tuple) and isinstance(value[0], int):
        return value  # a shape
    if isinstance(value, tuple):  # Matrices: all their numbers in one row
        return np.concatenate([np.ravel(np.asarray(each)) for each in value])
    if isinstance(value, float):
        return np.array([value])
    return np.asarray(value)[:, np.newaxis] if is_column else np.asarray(value)


def answer_of_the_loops(function: Callable[..., Any], case: Case) -> Any:
    """Return the loops' results, example by example; sums over the mini-batch are added up."""
    m = max([len(value) for value in case.values() if isinstance(value, list)], default=0)
    if not m:
        return np.asarray(function(**case), float)
    answers = [
        function(**{k: v[i] if isinstance(v, list) else v for k, v in case.items()})
        for i in range(m)
    ]
    if "sums" in case:
        return np.asarray(case["sums"])
    return np.array(answers) if isinstance(answers[0], float) else columns(answers)


PAIRS = pytest.mark.parametrize("pair", twins(), ids=lambda pair: pair.pure.__name__)


@PAIRS
@given(st.data(), st.integers(1, 5), st.integers(1, 5), st.integers(1, 4))
def test_a_twin_is_the_same_equation(
    pair: Twin, data: st.DataObject, J: int, K: int, m: int
) -> None:
    """For random shapes and numbers, to 1e-12; with an array to write into and without."""
    case = CASES[pair.pure.__name__](data.draw, J, K, m)
    arguments = {
        name: INSTEAD[name](case)
        if name in pair.instead
        else array(case[name], name == "mask" or (name == "biases" and "activations" in case))
        for name in inspect.signature(pair.fast).parameters
        if name != "out"
    }
    expected = answer_of_the_loops(pair.pure, case)
    with np.errstate(over="ignore"):
        found: Any = pair.fast(**arguments)
        if "out" in inspect.signature(pair.fast).parameters:
            out = np.full(np.shape(found), 7.0)
            assert pair.fast(**arguments, out=out) is out
            assert (out == found).all(), f"{pair.pure.__name__}: another answer into an array"
    apart = np.abs(np.reshape(found, np.shape(expected)) - expected).max()
    largest = max(1.0, np.abs(expected).max())
    assert apart <= 1e-12 * largest, f"{pair.pure.__name__}: apart by {apart}"


@PAIRS
def test_a_twin_has_the_name_and_the_parameters_of_the_loops(pair: Twin) -> None:
    """They have the same order, plus ``out``. Differences are declared with what they replace."""
    assert pair.fast.__name__ == pair.pure.__name__
    expected = list(inspect.signature(pair.pure).parameters)
    found: list[str] = []
    for name in inspect.signature(pair.fast).parameters:
        found += pair.instead.get(name, () if name == "out" else (name,))
    if "sums" not in found and "sums" in expected:
        expected.remove("sums")  # ``out`` takes the sums over the mini-batch
    assert found == expected


def test_every_equation_of_a_training_step_has_a_twin() -> None:
    """Functions that do not run on mini-batches have none."""
    with_twin = {entry.number for entry in equations() if entry.twin}
    assert with_twin >= {"z", "a", "BP1", "BP2", "BP3", "BP4", "27", "6", "20", "21", "3", "σ'"}
    assert not with_twin & {"1", "2", "4", "5", "14", "46"}


def test_no_formula_is_in_fast_outside_its_equations() -> None:
    """Each function in fast/equations is a twin, but for σ's without a number and some factors."""
    from tinynn.fast import equations as pages

    declared = {*(pair.fast for pair in twins()), *twins_together()}
    for page in pkgutil.iter_modules(pages.__path__, f"{pages.__name__}."):
        found = vars(importlib.import_module(page.name)).values()
        own = [each for each in found if getattr(each, "__module__", "") == page.name]
        for function in filter(inspect.isfunction, own):
            name = function.__name__
            without = ("scaled", "shrinking", "constantly", "blocks_view")
            known = name.startswith("_") or name in without or page.name.endswith(".activations")
            assert known or function in declared, name


def test_the_registry_gives_the_twin_of_an_equation() -> None:
    """`entry.twin`, None where there is none."""
    by_number = {entry.number: entry for entry in equations()}
    twin = by_number["BP2"].twin
    assert twin is not None
    assert twin.fast.__module__ == "tinynn.fast.equations.dense"
    assert by_number["5"].twin is None
