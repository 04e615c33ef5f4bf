"""Trial calls for a diagnosis: arguments without symmetry, so that two mistakes rarely agree."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

Arguments = dict[str, Any]


def trials(role: str) -> list[Arguments]:
    """Return the trial calls of a role, always the same ones, in plain numbers.

    >>> [trial["p"] for trial in trials("nand")]
    [0, 0, 1, 1]
    """
    draw = _TRIALS.get(role)
    return [] if draw is None else draw(Random(1))


def _numbers(rng: Random, size: int) -> list[float]:
    return [rng.choice((-1, 1)) * round(rng.uniform(0.2, 2.0), 3) for _ in range(size)]


def _rows(rng: Random, rows: int, columns: int) -> list[list[float]]:
    return [_numbers(rng, columns) for _ in range(rows)]


def _points(rng: Random) -> list[Arguments]:
    return [{"z": z} for z in (*_numbers(rng, 8), 0.0, 3.0, -4.0)]


def _bits(rng: Random) -> list[Arguments]:
    return [{"p": p, "q": q} for p, q in product((0, 1), repeat=2)]


def _tables(rng: Random) -> list[Arguments]:
    sizes = [2] * 4 + [4] * 12 + [8] * 8
    return [{"truth_table": [rng.randint(0, 1) for _ in range(size)]} for size in sizes]


def _neurons(last: str, sign: int) -> Callable[[Random], list[Arguments]]:
    """Neurons of one to three inputs; in every third call w · x lies exactly on the edge."""

    def draw(rng: Random) -> list[Arguments]:
        calls = []
        for trial in range(90):
            size = rng.randint(1, 3)
            weights = [rng.randint(-6, 6) / 2 for _ in range(size)]
            inputs = [float(rng.randint(-2, 2)) for _ in range(size)]
            edge = sign * sum(w * x for w, x in zip(weights, inputs))
            choices = (edge, edge + rng.randint(-5, 5) / 2, rng.randint(-12, 12) / 2)
            calls.append({"weights": weights, "inputs": inputs, last: choices[trial % 3]})
        return calls

    return draw


def _smooth_neurons(rng: Random) -> list[Arguments]:
    return [
        {"weights": _numbers(rng, size), "inputs": _numbers(rng, size), "bias": _numbers(rng, 1)[0]}
        for size in (1, 2, 3, 2, 3, 4, 2, 3)
    ]


def _pairs(first: str, second: str) -> Callable[[Random], list[Arguments]]:
    def draw(rng: Random) -> list[Arguments]:
        sizes = (1, 2, 3, 2, 3, 4, 2, 3, 2, 4)
        return [{first: _numbers(rng, size), second: _numbers(rng, size)} for size in sizes]

    return draw


def _many_pairs(rng: Random) -> list[Arguments]:
    shapes = ((1, 1), (2, 1), (1, 2), (3, 2), (2, 3), (4, 2), (3, 3), (5, 4))
    return [{"outputs_list": _rows(rng, n, J), "desired_list": _rows(rng, n, J)} for n, J in shapes]


def _steps(rng: Random) -> list[Arguments]:
    calls = []
    for size in (1, 2, 3, 2, 3, 4, 2, 3):
        eta = round(rng.uniform(0.1, 3.0), 2)
        calls.append({"v": _numbers(rng, size), "gradient": _numbers(rng, size), "eta": eta})
    return calls


def _updates(name: str, rows: bool) -> Callable[[Random], list[Arguments]]:
    def draw(rng: Random) -> list[Arguments]:
        calls: list[Arguments] = []
        for J, K, m in ((1, 1, 2), (2, 3, 3), (3, 2, 5), (2, 2, 10), (3, 4, 4), (2, 3, 7)):
            both = [_rows(rng, J, K) if rows else _numbers(rng, J) for _ in range(2)]
            eta = round(rng.uniform(0.1, 3.0), 2)
            calls.append({name: both[0], "nabla_sum": both[1], "eta": eta, "m": m})
        return calls

    return draw


def _gradients(rng: Random) -> list[Arguments]:
    return [
        {"gradients": _rows(rng, m, size)}
        for m, size in ((2, 1), (3, 2), (2, 3), (4, 2), (5, 3), (3, 3), (4, 5))
    ]


_SHAPES = ((2, 2), (3, 3), (1, 1), (2, 3), (3, 2), (2, 2), (3, 3), (1, 2), (2, 1), (4, 4), (2, 2))


def _layers(rng: Random) -> list[Arguments]:
    return [
        {
            "weights": _rows(rng, J, K),
            "activations": _numbers(rng, K),
            "biases": _numbers(rng, J),
        }
        for J, K in _SHAPES
    ]


def _next_layers(rng: Random) -> list[Arguments]:
    return [
        {
            "next_weights": _rows(rng, K, J),
            "next_error": _numbers(rng, K),
            "weighted_inputs": _numbers(rng, J),
        }
        for K, J in _SHAPES
    ]


def _weight_gradients(rng: Random) -> list[Arguments]:
    return [{"activations": _numbers(rng, K), "error": _numbers(rng, J)} for J, K in _SHAPES]


_NETWORKS = (
    (2, 2, 2),
    (3, 3, 3),
    (2, 3, 2),
    (2, 2, 2, 2),
    (1, 1),
    (3, 2, 1),
    (2, 4, 3, 2),
    (3, 3, 3, 3),
    (2, 2),
    (1, 2, 1),
)


def _networks(rng: Random, desired: bool) -> list[Arguments]:
    calls = []
    for sizes in _NETWORKS:
        call: Arguments = {
            "biases": [_numbers(rng, J) for J in sizes[1:]],
            "weights": [_rows(rng, J, K) for K, J in zip(sizes, sizes[1:])],
            "x": _numbers(rng, sizes[0]),
        }
        if desired:
            call["y"] = [round(rng.uniform(0.0, 1.0), 3) for _ in range(sizes[-1])]
        calls.append(call)
    return calls


_TRIALS: dict[str, Callable[[Random], list[Arguments]]] = {
    "sigmoid": _points,
    "sigmoid_prime": _points,
    "nand": _bits,
    "half_adder": _bits,
    "build_circuit": _tables,
    "weighted_sum": _pairs("weights", "inputs"),
    "perceptron": _neurons("bias", -1),
    "perceptron_threshold": _neurons("threshold", 1),
    "sigmoid_neuron": _smooth_neurons,
    "cost": _pairs("outputs", "desired"),
    "cost_derivative": _pairs("outputs", "desired"),
    "mean_cost": _many_pairs,
    "update": _steps,
    "descent_step": lambda rng: [{k: c[k] for k in ("gradient", "eta")} for c in _steps(rng)],
    "update_weights": _updates("weights", True),
    "update_biases": _updates("biases", False),
    "mean_gradient": _gradients,
    "weighted_input": _layers,
    "activations": lambda rng: [{"weighted_inputs": _numbers(rng, n)} for n in (1, 2, 3, 4, 3)],
    "feedforward": lambda rng: _networks(rng, False),
    "output_error": _pairs("cost_derivative", "weighted_inputs"),
    "hidden_error": _next_layers,
    "bias_gradient": lambda rng: [{"error": _numbers(rng, n)} for n in (1, 2, 3, 2, 4, 3, 5)],
    "weight_gradient": _weight_gradients,
    "backprop": lambda rng: _networks(rng, True),
}
