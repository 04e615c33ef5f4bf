"""Random misuse of the public calls: one or two of the right arguments are replaced by junk.

``python -m tests.helpers.misuse 60000`` makes 60,000 such calls, and prints those that end neither
in a tinynn error nor in a meaningful answer.
"""

from __future__ import annotations

import itertools
import os
import sys
import warnings
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from decimal import Decimal
from fractions import Fraction
from functools import partial
from inspect import signature
from io import StringIO
from math import isfinite
from numbers import Real
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any, NamedTuple, Optional

import numpy as np

import tinynn
from tinynn import Dense, Matrix, Network, TinyNNError, Vector, activations, descent, neurons
from tinynn.activations import SIGMOID, Activation
from tinynn.baselines import AverageDarkness, darknesses, random_guess
from tinynn.circuits import Adder, Circuit, half_adder, truth_table_circuit
from tinynn.costs import Cost, cost_named, penalty_named, updating
from tinynn.datasets import ArrayExamples, DataSet, Examples, load_mnist
from tinynn.datasets.book_pickle import read_book_pickle
from tinynn.datasets.idx import IdxArray, read_idx
from tinynn.datasets.mnist import holds_mnist
from tinynn.equations import costs, dense, rescaled, softmax, updates
from tinynn.equations.updates import Gradient
from tinynn.fast import Network as FastNetwork
from tinynn.files import read_network, write_atomically
from tinynn.gradient_check import gradcheck, numerical_error
from tinynn.layers import DenseLayer, Description, Plan, register_layer
from tinynn.randomness import first_weights, gaussian_matrix, gaussian_vector, random_source
from tinynn.training import Settings, mini_batches, require_examples, slow_start

FACES = Vector([0.5, 0.25])
YES = Vector([1])
HALF = Vector([0.5, 0.5])


class Call(NamedTuple):
    """A public call, its right arguments, and a function for its result."""

    name: str
    function: Callable[..., Any]
    arguments: dict[str, Any]
    then: Optional[Callable[[Any], object]] = None


def pairs() -> list[tuple[Vector, Vector]]:
    """Return four examples for a network of 2-3-1 neurons."""
    return [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]


def images() -> Examples:
    """Return three images of 1×2 pixels."""
    return Examples(IdxArray((3, 1, 2), bytes([0, 2, 4, 4, 4, 0])), bytes([7, 1, 0]), 4)


def used(network: Any) -> None:
    """Check that a network made by misuse works: compute an answer and its repr."""
    if sum(network.sizes) < 1000:
        network.feedforward([0.5] * network.sizes[0])
        repr(network)


def trained(network: Network) -> None:
    """Train a network with functions from outside the package."""
    used(network)
    finished(network.train(pairs(), 1, 2, 0.5, test_data=pairs(), seed=0))


def finished(run: Any) -> None:
    """Train for at most two epochs."""
    deque(itertools.islice(run, 2), 0)


def calls(folder: Path) -> list[Call]:
    """Return every public call with fresh arguments; files are written into a folder."""
    net, fast = Network([2, 3, 1], seed=0), FastNetwork([2, 3, 1], seed=0)
    saved, run_file = folder / "net.json", folder / "run.json"
    net.save(saved)
    run = net.copy().train(pairs(), 3, 2, 0.5, seed=0)
    next(run)
    run.save(run_file)
    v, m = Vector([1, 2]), Matrix([[1, 2], [3, 4]])
    circuit = half_adder()
    data = DataSet.from_arrays(np.eye(4), np.arange(4), test=1)
    part = images()
    layer = net.layer(2)
    train = {
        "training_data": pairs(),
        "epochs": 2,
        "mini_batch_size": 2,
        "eta": 0.5,
        "lmbda": 0.1,
        "penalty": "L1",
        "test_data": pairs(),
        "seed": 0,
        "rng": None,
        "order": None,
        "on_mini_batch": None,
    }
    sgd = {key: train[key] for key in list(train)[:7] if key != "epochs"}
    step = {"weights": m, "nabla_sum": m, "eta": 0.5, "m": 2, "lmbda": 0.1, "n": 10}
    regularised = {"lmbda": 0.1, "n": 10, "penalty": "L2"}
    make = {
        "layers": [2, 3, 1],
        "seed": 0,
        "rng": None,
        "activation": "tanh",
        "cost": "quadratic",
        "init": "scaled",
    }
    numbers = {"biases": [[3.0]], "weights": [[[-2.0, -2.0]]], "activation": "tanh"}
    return [
        Call("Vector", Vector, {"entries": [1, 2]}, repr),
        Call("Vector.zeros", Vector.zeros, {"size": 3}),
        Call("Vector.one_hot", Vector.one_hot, {"j": 2, "size": 3}),
        *(
            Call(f"Vector.{name}", getattr(v, name), {"": other})
            for name, other in [
                ("__getitem__", 0),
                ("__add__", v),
                ("__radd__", v),
                ("__sub__", v),
                ("__rsub__", v),
                ("__mul__", 2.0),
                ("__rmul__", 2.0),
                ("__truediv__", 2.0),
                ("__matmul__", v),
                ("__rmatmul__", v),
                ("__eq__", v),
                ("hadamard", v),
                ("outer", v),
                ("map", abs),
            ]
        ),
        Call("Vector.__setitem__", v.copy().__setitem__, {"j": 0, "value": 1.0}),
        Call("Matrix", Matrix, {"rows": [[1, 2], [3, 4]]}, repr),
        Call("Matrix.zeros", Matrix.zeros, {"rows": 2, "columns": 3}),
        *(
            Call(f"Matrix.{name}", getattr(m, name), {"": other})
            for name, other in [
                ("__getitem__", 0),
                ("__add__", m),
                ("__radd__", m),
                ("__sub__", m),
                ("__rsub__", m),
                ("__mul__", 2.0),
                ("__rmul__", 2.0),
                ("__truediv__", 2.0),
                ("__matmul__", v),
                ("__rmatmul__", m),
                ("__eq__", m),
                ("hadamard", m),
            ]
        ),
        Call("Matrix.__setitem__", m.copy().__setitem__, {"j": 0, "row": [1.0]}),
        *(
            Call(f"activations.{name}", getattr(activations, name), {"z": 0.5})
            for name in (
                "step",
                "linear",
                "sigmoid",
                "tanh",
                "relu",
                "step_prime",
                "linear_prime",
                "sigmoid_prime",
                "tanh_prime",
                "relu_prime",
            )
        ),  # fmt: skip
        Call("activation_named", activations.activation_named, {"name": "tanh"}),
        Call(
            "Activation",
            Activation,
            {"name": "x", "value": abs, "derivative": abs},
            lambda a: trained(Network([2, 1], seed=0, activation=a)),
        ),  # fmt: skip
        Call("cost_named", cost_named, {"name": "quadratic"}),
        Call(
            "Cost",
            Cost,
            {"name": "x", "value": costs.quadratic, "derivative": costs.quadratic_derivative},
            lambda c: trained(Network([2, 1], seed=0, cost=c)),
        ),  # fmt: skip
        Call(
            "Cost",
            Cost,
            {
                "name": "x",
                "value": costs.cross_entropy,
                "derivative": None,
                "fits": SIGMOID,
                "require": None,
            },
            lambda c: Network([2, 1], seed=0, cost=c).evaluate(pairs()),
        ),
        Call("penalty_named", penalty_named, {"name": "L1"}),
        Call("updating", updating, {"lmbda": 0.1, "n": 10, "penalty": "L2"}),
        Call("weighted_sum", neurons.weighted_sum, {"weights": v, "inputs": v}),
        *(
            Call(name, getattr(neurons, name), {"weights": v, "inputs": v, last: 1.0})
            for name, last in [
                ("threshold_output", "threshold"),
                ("perceptron_output", "bias"),
                ("sigmoid_neuron_output", "bias"),
            ]
        ),
        Call(
            "output_change",
            neurons.output_change,
            {"weights": v, "inputs": v, "bias": 1.0, "delta_weights": v, "delta_bias": 0.1},
        ),
        *(
            call
            for kind in (neurons.Perceptron, neurons.SigmoidNeuron)
            for call in (
                Call(
                    kind.__name__,
                    kind,
                    {"weights": [1, 2], "bias": 3.0},
                    lambda neuron: neuron.output([1, 1]),
                ),
                Call(f"{kind.__name__}.output", kind([1, 2], 3).output, {"inputs": [1, 1]}),
                Call(
                    f"{kind.__name__}.weighted_input",
                    kind([1, 2], 3).weighted_input,
                    {"inputs": [1, 1]},
                ),
            )
        ),
        Call(
            "Perceptron.with_threshold",
            neurons.Perceptron.with_threshold,
            {"weights": [1, 2], "threshold": 3.0},
        ),
        Call(
            "SigmoidNeuron.output_change",
            neurons.SigmoidNeuron([1, 2], 3).output_change,
            {"inputs": [1, 1], "delta_weights": [0.1, 0.1], "delta_bias": 0.1},
        ),
        Call("Circuit", Circuit, {"inputs": ["p", "q"]}, str),
        Call("Circuit.outputs", lambda wires: setattr(circuit, "outputs", wires), {"": ["x1"]}),
        Call("Circuit.nand", half_adder().nand, {"first": "x1", "second": "x2"}),
        Call("Circuit.not_", half_adder().not_, {"wire": "x1"}),
        Call("Circuit.and_", half_adder().and_, {"first": "x1", "second": "x2"}),
        Call("Circuit.or_", half_adder().or_, {"first": "x1", "second": "x2"}),
        Call("Circuit.values", half_adder().values, {"bits": [1, 0]}),
        Call("Circuit.run", half_adder().run, {"bits": [1, 0]}),
        Call("truth_table_circuit", truth_table_circuit, {"table": [0, 1, 1, 0]}),
        Call("Adder", Adder, {"bits": 2}),
        Call("Adder.add", Adder(2).add, {"p": 1, "q": 2}),
        Call("cost_change", descent.cost_change, {"gradient": v, "delta_v": v}),
        Call(
            "numerical_derivative",
            descent.numerical_derivative,
            {"C": abs, "v": 1.0, "epsilon": 1e-5},
        ),
        Call("scaled_epsilon", descent.scaled_epsilon, {"v": 1.0, "epsilon": 1e-5}),
        Call(
            "numerical_gradient",
            descent.numerical_gradient,
            {"C": Vector.norm, "v": v, "epsilon": 1e-5},
        ),
        Call("descent_step", descent.descent_step, {"gradient": v, "eta": 0.5}),
        Call("updated_position", descent.updated_position, {"v": v, "gradient": v, "eta": 0.5}),
        Call("steepest_step", descent.steepest_step, {"gradient": v, "length": 0.5}),
        Call(
            "momentum_step",
            descent.momentum_step,
            {"gradient": v, "delta_v": v, "eta": 0.5, "mu": 0.5},
        ),
        Call("place_ahead", descent.place_ahead, {"v": v, "delta_v": v, "mu": 0.5}),
        Call("moved_by", descent.moved_by, {"v": v, "delta_v": v}),
        Call(
            "second_order_change",
            descent.second_order_change,
            {"gradient": v, "hessian": Matrix([[2, 1], [1, 2]]), "delta_v": v},
        ),
        Call(
            "numerical_hessian",
            descent.numerical_hessian,
            {"C": Vector.norm, "v": v, "epsilon": 1e-4},
        ),
        Call(
            "hessian_step",
            descent.hessian_step,
            {"hessian": Matrix([[2, 1], [1, 2]]), "gradient": v, "eta": 1.0},
        ),
        Call(
            "descend",
            descent.descend,
            {
                "C": Vector.norm,
                "start": [1, 2],
                "eta": 0.5,
                "steps": 3,
                "gradient": None,
                "epsilon": 1e-5,
                "mu": 0.5,
                "nesterov": False,
                "hessian": False,
            },
            finished,
        ),
        Call("weighted_input", dense.weighted_input, {"weights": m, "activations": v, "biases": v}),
        Call("activation", dense.activation, {"weighted_inputs": v}),
        Call(
            "output_error",
            dense.output_error,
            {"cost_derivative": v, "weighted_inputs": v},
        ),
        Call(
            "hidden_error",
            dense.hidden_error,
            {"next_weights": m, "next_error": v, "weighted_inputs": v},
        ),
        Call("bias_gradient", dense.bias_gradient, {"error": v, "sums": v.copy()}),
        Call(
            "weight_gradient",
            dense.weight_gradient,
            {"activations": v, "error": v, "sums": m.copy()},
        ),
        Call("quadratic", costs.quadratic, {"outputs": v, "desired": v}),
        Call("quadratic_derivative", costs.quadratic_derivative, {"outputs": v, "desired": v}),
        Call("cross_entropy", costs.cross_entropy, {"outputs": HALF, "desired": HALF}),
        Call("log_likelihood", costs.log_likelihood, {"outputs": HALF, "desired": HALF}),
        Call("matched_error", costs.matched_error, {"outputs": v, "desired": v}),
        Call("ln", costs.ln, {"x": 0.5}),
        Call("softmax", softmax, {"weighted_inputs": v}),
        Call("rescaled", rescaled, {"weights": m, "biases": v, "before": 2.0, "own": 0.5}),
        *(
            Call(each.__name__, each, {"cost": 0.5, "weights": [m], "lmbda": 0.1, "n": 10})
            for each in (costs.l2_cost, costs.l1_cost)
        ),
        Call("l2_updated_weights", updates.l2_updated_weights, step),
        Call("l1_updated_weights", updates.l1_updated_weights, step),
        Call("sgn", updates.sgn, {"w": 0.5}),
        Call("mean_cost", costs.mean_cost, {"example_costs": [0.5, 0.25]}),
        Call("mean_gradient", updates.mean_gradient, {"gradient_sum": Gradient([v], [m]), "m": 2}),
        Call(
            "updated_weights",
            updates.updated_weights,
            {"weights": m, "nabla_sum": m, "eta": 0.5, "m": 2},
        ),
        Call(
            "updated_biases",
            updates.updated_biases,
            {"biases": v, "nabla_sum": v, "eta": 0.5, "m": 2},
        ),
        Call("Dense", Dense, {"neurons": 3, "activation": "tanh"}, repr),
        Call("Dense.weight_shape", Dense(3).weight_shape, {"before": (2,)}),
        Call("Dense.with_activation", Dense(3).with_activation, {"function": SIGMOID}),
        Call("Plan", Plan, {"layers": [2, Dense(3), 1], "activation": "tanh"}),
        Call(
            "DenseLayer",
            DenseLayer,
            {"description": Dense(2), "shape_before": (2,), "biases": v, "weights": m},
        ),
        Call("DenseLayer.forward", layer.forward, {"activations": v}),
        Call("layer.weights", lambda w: setattr(layer, "weights", w), {"": layer.weights}),
        Call("layer.biases", lambda b: setattr(layer, "biases", b), {"": layer.biases}),
        Call("register_layer", register_layer, {"description": Dense, "pure": DenseLayer}),
        Call("random_source", random_source, {"seed": 0, "rng": None}),
        Call("gaussian_vector", gaussian_vector, {"size": 2, "rng": Random(0)}),
        Call("gaussian_matrix", gaussian_matrix, {"rows": 2, "columns": 2, "rng": Random(0)}),
        Call(
            "first_weights",
            first_weights,
            {"init": "scaled", "rows": 2, "columns": 2, "rng": Random(0)},
        ),
        Call("slow_start", lambda e, most: slow_start(net, e, most), {"e": pairs(), "most": 2}),
        Call("mini_batches", mini_batches, {"order": [0, 1, 2], "mini_batch_size": 2}),
        Call(
            "Settings.checked",
            lambda e, m, eta, lmbda, penalty: Settings(e, m, eta, lmbda, penalty).checked(),
            {"e": 1, "m": 2, "eta": 0.5, "lmbda": 0.1, "penalty": "L1"},
        ),
        Call(
            "require_examples",
            lambda examples: require_examples("data", examples, (2, 1)),
            {"examples": pairs()},
        ),
        Call("Network", Network, make, used),
        Call("fast.Network", FastNetwork, {**make, "dtype": "float32"}, used),
        Call("Network.from_parameters", Network.from_parameters, numbers, used),
        Call(
            "Network.from_parameters",
            Network.from_parameters,
            {**numbers, "layers": [2, 1], "cost": "quadratic"},
            used,
        ),
        Call("fast.Network.from_parameters", FastNetwork.from_parameters, numbers, used),
        Call(
            "fast.Network.from_pure",
            FastNetwork.from_pure,
            {"network": net, "dtype": "float32"},
            used,
        ),
        Call("fast.Network.load", FastNetwork.load, {"path": saved, "dtype": "float64"}, used),
        Call(
            "gradcheck",
            gradcheck,
            {
                "network": net,
                "x": FACES,
                "y": YES,
                "backprop": None,
                "epsilon": 1e-5,
                "relative": 1e-5,
                "absolute": 1e-8,
            },
        ),
        Call(
            "numerical_error",
            numerical_error,
            {
                "network": net,
                "l": 2,
                "weighted_inputs": Vector([1, 2, 3]),
                "desired": YES,
                "epsilon": 1e-5,
            },
        ),
        *(
            call
            for engine, title in ((net, "Network"), (fast, "fast.Network"))
            for call in (
                Call(f"{title}.layer", engine.layer, {"l": 2}),
                Call(f"{title}.scaled", engine.scaled, {"c": 2.0}),
                Call(f"{title}.with_activation", engine.with_activation, {"activation": "tanh"}),
                Call(f"{title}.__eq__", engine.__eq__, {"": engine}),
                Call(f"{title}.forward", engine.forward, {"x": FACES}),
                Call(f"{title}.feedforward", engine.feedforward, {"x": FACES}),
                Call(f"{title}.predict", engine.predict, {"x": FACES}),
                Call(f"{title}.backprop", engine.backprop, {"x": FACES, "y": YES}),
                Call(
                    f"{title}.backprop_mini_batch",
                    engine.backprop_mini_batch,
                    {"mini_batch": pairs()},
                ),
                Call(
                    f"{title}.update_mini_batch",
                    engine.copy().update_mini_batch,
                    {"mini_batch": pairs(), "eta": 0.5, **regularised},
                ),
                *(
                    Call(f"{title}.{name}", getattr(engine, name), {"examples": pairs()})
                    for name in ("evaluate", "answers")
                ),
                *(
                    Call(
                        f"{title}.{name}",
                        getattr(engine, name),
                        {"examples": pairs(), **regularised},
                    )
                    for name in ("measure", "total_cost")
                ),
                Call(f"{title}.train", engine.copy().train, train, finished),
                Call(f"{title}.SGD", partial(engine.copy().SGD, epochs=1), sgd),
                Call(f"{title}.save", engine.save, {"path": folder / "again.json"}),
                Call(f"{title}.load", type(engine).load, {"path": saved}, used),
            )
        ),
        Call(
            "Network.backprop",
            net.backprop,
            {"x": FACES, "y": YES, "sums": net.backprop(FACES, YES)},
        ),
        Call(
            "Network.resume",
            Network.resume,
            {
                "path": run_file,
                "data": pairs(),
                "test_data": None,
                "epochs": 4,
                "rng": None,
                "on_mini_batch": None,
            },
            finished,
        ),
        Call("Run.save", run.save, {"path": folder / "run2.json", "about": "words"}),
        Call("read_network", read_network, {"path": saved}),
        Call("write_atomically", write_atomically, {"path": folder / "text", "text": "text"}),
        Call(
            "DataSet.from_arrays",
            DataSet.from_arrays,
            {"X": np.eye(4), "labels": np.arange(4), "validation": 1, "test": 1, "classes": 5},
            lambda d: d.training[0],
        ),
        Call(
            "ArrayExamples",
            ArrayExamples,
            {"X": np.eye(2), "labels": np.arange(2), "classes": 5},
            lambda d: d[0],
        ),
        Call("ArrayExamples.__getitem__", data.training.__getitem__, {"i": 0}),
        Call("ArrayExamples.label", data.training.label, {"i": 0}),
        Call(
            "Examples",
            Examples,
            {"images": IdxArray((3, 1, 2), bytes(6)), "labels": bytes(3), "scale": 4},
            lambda e: e[0],
        ),
        Call("Examples.__getitem__", part.__getitem__, {"i": 0}),
        Call("Examples.label", part.label, {"i": 0}),
        Call("load_mnist", load_mnist, {"folder": folder}),
        Call("holds_mnist", holds_mnist, {"folder": str(folder)}),
        Call("read_idx", read_idx, {"path": saved, "dimensions": 3}),
        Call("read_book_pickle", read_book_pickle, {"path": saved}),
        Call("random_guess", random_guess, {"examples": part, "seed": 0, "rng": None}),
        Call("AverageDarkness", AverageDarkness, {"training": part}),
        Call("AverageDarkness.answer", AverageDarkness(part).answer, {"darkness": 0.5}),
        Call("AverageDarkness.evaluate", AverageDarkness(part).evaluate, {"examples": part}),
        Call("darknesses", darknesses, {"examples": part}, list),
    ]


class Odd:
    """An object that looks like a row but is not one."""

    __iter__ = None
    shape = "round"


def junk() -> list[Any]:
    """Return new values of every kind that somebody might pass by mistake."""
    nan, inf = float("nan"), float("inf")
    return [
        None, True, False, 0, 1, 2, -1, 3, 7, 1000, 10**12, 10**30, 10**400, -(10**30), 0.0, 0.5,
        -2.5, nan, inf, -inf, 1e300, 1e-320, 1j, Decimal("0.5"), Fraction(1, 3),
        "", "3", "sigmoid", "tanh", "x1", "no\0path", "\ud800", "a" * 5000, b"", b"12",
        bytearray(b"12"), memoryview(b"12"), array("d", [1, 2]), array("u", "ab"),
        [], [1], [1, 2], [0, 1], [3, 2, 1], ["a", "b"], [None], [nan, 1.0], [[1], [2]],
        [[1, 2], [3, 4]], [[1, 2], [3]], [[[1, 2]]], [[]], [{}], [10**400, 1], [(1, 2)],
        (), (1,), (1, 2), ((1, 2), 3), (nan, 1), {}, {"a": 1}, {0: 1, 1: 2}, {1, 2}, set(),
        frozenset([1]), range(2), range(0), slice(0, 1), slice("a", None), slice(None, None, 0),
        slice(5, 2), (x for x in [1, 2]), iter([]), zip([1], [2]), map(str, [1, 2]), object(),
        object, int, Vector, ..., NotImplemented, print, abs, len, lambda *a: None,
        lambda *a: "text", lambda *a: nan, lambda *a: [1, 2], lambda *a: Vector([1]), Odd(),
        SimpleNamespace(training=5), SimpleNamespace(), Random(0), Random,
        np.array(5.0), np.array(3), np.zeros(2), np.zeros(0), np.ones(3), np.zeros((2, 1)),
        np.zeros((1, 2)), np.zeros((8, 8)), np.zeros((2, 2, 2)), np.array([nan, 1.0]),
        np.array([[nan, 1.0], [0, 0]]), np.array(["a", "b"]), np.array([None, 1]),
        np.array([1j, 2]), np.array([True, False]), np.array([1, 2], "datetime64[s]"),
        np.array([10**6, 2]), np.float32(1.5), np.float64(nan), np.int64(2), np.uint8(3),
        np.bool_(True), np.float16("inf"), np.str_("a"), np.random.default_rng(0),
        np.random.RandomState(0), Vector([1]), Vector([1, 2]), Vector([1, 2, 3]),
        Vector.wrap([nan, 1.0]), Matrix([[1]]), Matrix([[1, 2], [3, 4]]), Matrix([[1, 2, 3]]),
        Network([2, 3, 1], seed=1), Network([3, 2], seed=1), FastNetwork([2, 3, 1], seed=1),
        Dense(3), SIGMOID, Activation("own", abs, abs), Activation("no", None, None),  # type: ignore[arg-type]
        half_adder(), images(), DataSet(images(), images(), images()), pairs(), pairs()[0],
        [pairs()[0], 3], [(Vector([1, 2]), 3)], [([0, 1], [1])], [(np.zeros(2), np.zeros(1))],
        [(np.zeros((2, 1)), np.zeros((1, 1)))], [(Vector.wrap([nan, 1.0]), Vector([1]))],
        [(np.array([nan, 1]), np.zeros(1))], {"a": pairs()[0]}, iter(pairs()),
        [(Vector([1, 2]), Vector.wrap([nan]))], [(None, None)], [()], [[Vector([1, 2])]],
        (np.zeros((4, 2)), np.zeros(4)), [Vector([1, 2]), Matrix([[1, 2], [3, 4]])],
        Gradient([Vector([1])], [Matrix([[1]])]), Gradient(None, None), Gradient([], []),  # type: ignore[arg-type]
        Path("no such file"), Path("."), "no such file", b"no such file", 10**5, [2, 3, None],
        [2, -3, 1], [2, 3.5, 1], [2, 10**9, 1], [10**9, 10], [2, 10**30], [2, True], (2, 3, 1),
        [2, (3,), 1], [(2, 1), 3], [(), 3], [2, "3", 1], [2, Dense(3, "tanh"), Dense(1)],
        [Dense(2), 3], np.array([2, 3, 1]), np.array([[2, 3], [1, 1]]), Description, tinynn,
        IdxArray((1, 2), b"12"), IdxArray(None, None), IdxArray((3, 1, 2), b"1"),  # type: ignore[arg-type]
        [0, 0, 0, 0], [3, 2, 1, 0], [0, 1, 2, 4], [0, 1, nan, 2], [0, 1, inf, 2],
        np.array([0.0, 1.0, nan, 2.0]), [0, 1, 2, 10**9], np.array([0, 1, 2, 10**9]),
        [0, 1, 2, "3"], np.zeros((4, 3)), np.array([[0.5, nan]] * 4),
    ]  # fmt: skip


class Outcome(NamedTuple):
    """The outcome of one misuse: the call, the arguments, and the error or None."""

    name: str
    arguments: dict[str, Any]
    error: Optional[BaseException]
    nonsense: tuple[str, ...] = ()  # the arguments that are meaningless for the call

    @property
    def is_declared(self) -> bool:
        """Whether it ended in a meaningful answer or a tinynn error; files may raise OSError."""
        if self.error is None:
            return not self.nonsense
        return isinstance(self.error, (TinyNNError, OSError))


# Parameters that take any number, even NaN, or an index that may be a slice.
_ANY_NUMBER = ("z", "i", "j", "Vector.__getitem__", "Matrix.__getitem__")


def is_nonsense(call: Call, name: str, given: object) -> bool:
    """Return whether a number was expected, but the given value is not a finite number."""
    right = call.arguments[name]
    if isinstance(right, bool) or not isinstance(right, (int, float)):
        return False
    if name in _ANY_NUMBER or call.name in _ANY_NUMBER:
        return False
    if given is None:
        return bool(name) and signature(call.function).parameters[name].default is not None
    if isinstance(given, (bool, np.bool_)) or not isinstance(given, Real):
        return call.name != "descend" or name != "start"
    return isinstance(given, (float, np.floating)) and not isfinite(given)


def misuses(folder: Path, seed: int, count: int) -> Iterator[Outcome]:
    """Yield the outcomes of this many random misuses."""
    rng = Random(seed)
    for number in range(count):
        if number % 20 == 0:
            possible = calls(folder)
        call = rng.choice(possible)
        arguments, nonsense = dict(call.arguments), []
        for name in rng.sample(list(arguments), min(len(arguments), rng.choice((1, 1, 2)))):
            arguments[name] = rng.choice(junk())
            if is_nonsense(call, name, arguments[name]):
                nonsense.append(name)
        error: Optional[BaseException] = None
        try:
            if "" in arguments:
                result = call.function(arguments[""])
            else:
                result = call.function(**arguments)
            if call.then is not None:
                call.then(result)
        except Exception as raised:
            error = raised
        yield Outcome(call.name, arguments, error, tuple(nonsense))


def main(count: int, seed: int) -> None:
    """Print the misuses, of this many, that end in neither an answer nor a tinynn error."""
    warnings.simplefilter("ignore")
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        with redirect_stdout(StringIO()):
            bad = [each for each in misuses(Path(folder), seed, count) if not each.is_declared]
        os.chdir("/")
    for name, arguments, error, nonsense in bad:
        print(name, *(f"{key}={str(value)[:40]!r}" for key, value in arguments.items()))
        print("   ", repr(error)[:120] if error else f"took {', '.join(nonsense)}")
    print(f"{len(bad)} of {count} misuses end otherwise: {len(bad) / count:.3%}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3] or (60_000, 1)))
