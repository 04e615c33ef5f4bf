"""Claims of chapter 2: the forward pass, the cost, and the four equations of backpropagation.

The oracle of every gradient is how the cost changes when one number is moved. Where an equation
is about one layer, as (BP2) is, the cost is any whose slope after that layer is the error given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum
from typing import Any

from hypothesis import strategies as st

from tinynn.teaching import oracle
from tinynn.teaching.drawing import lists, vectors_named
from tinynn.teaching.judging import ONE_SIDED, Arguments, Claim, Definition, claim, growing
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.strategies import layer_sizes, numbers
from tinynn.teaching.sums import brief, row, terms


@st.composite
def _layers(draw: st.DrawFn, most: int) -> Arguments:
    J, K = draw(st.integers(1, most)), draw(st.integers(1, most))
    weights = [draw(lists(K)) for _ in range(J)]
    return {"weights": weights, "activations": draw(lists(K)), "biases": draw(lists(J))}


def _weighted_input_by_hand(weights: Rows, activations: Numbers, biases: Numbers) -> Iterator[str]:
    z = oracle.weighted_inputs(weights, activations, biases)
    for j, (w_j, b_j) in enumerate(zip(weights, biases), start=1):
        symbols = " + ".join(f"w_{j}{k} a_{k}" for k in range(1, len(w_j) + 1))
        values = f"{terms(w_j, activations)} + ({brief(b_j)})"
        yield f"z_{j} = {symbols} + b_{j} = {values} = {brief(z[j - 1])}"


def _activation_by_hand(weighted_inputs: Numbers) -> Iterator[str]:
    for j, z in enumerate(weighted_inputs, start=1):
        yield f"a_{j} = σ({brief(z)}) = {brief(oracle.sigma(z))}"


@st.composite
def _networks(draw: st.DrawFn, most: int, *more: str) -> Arguments:
    """Draw biases, weights and an input, and desired outputs under the name ``y`` if asked for."""
    sizes = draw(layer_sizes(max_size=most))
    biases = [draw(lists(J, 3.0)) for J in sizes[1:]]
    weights = [[draw(lists(K, 3.0)) for _ in range(J)] for K, J in zip(sizes, sizes[1:])]
    drawn = {"biases": biases, "weights": weights, "x": draw(lists(sizes[0], 3.0))}
    return {**drawn, **{name: draw(lists(sizes[-1], 3.0)) for name in more}}


def _forward_by_hand(biases: Rows, weights: Sequence[Rows], x: Numbers) -> Iterator[str]:
    a = list(x)
    for l, (b, w) in enumerate(zip(biases, weights), start=2):
        z = oracle.weighted_inputs(w, a, b)
        a = [oracle.sigma(each) for each in z]
        yield f"z^{l} = w^{l} a^{l - 1} + b^{l} = {row(z)}, a^{l} = σ(z^{l}) = {row(a)}"


def _cost_by_hand(outputs: Numbers, desired: Numbers) -> Iterator[str]:
    squares = " + ".join(
        f"({brief(y)} - {brief(a)})²" if a >= 0.0 else f"({brief(y)} + {brief(-a)})²"
        for a, y in zip(outputs, desired)
    )
    yield f"C = 1/2 ({squares}) = {brief(oracle.cost(outputs, desired))}"


def _cost_slopes(outputs: Numbers, desired: Numbers) -> list[float]:
    return oracle.gradient(lambda a: oracle.cost(a, desired), outputs)


def _cost_slopes_by_hand(outputs: Numbers, desired: Numbers) -> Iterator[str]:
    for j, (a, y) in enumerate(zip(outputs, desired), start=1):
        yield f"∂C/∂a_{j} = a_{j} - y_{j} = {brief(a)} - ({brief(y)}) = {brief(a - y)}"


def _sigmoid_slope(z: float) -> float:
    return oracle.slope(oracle.sigma, z)


def _sigmoid_slope_by_hand(z: float) -> Iterator[str]:
    low, high = oracle.sigma(z - 0.001), oracle.sigma(z + 0.001)
    yield f"σ({brief(z - 0.001)}) = {low:.9g} and σ({brief(z + 0.001)}) = {high:.9g}"
    yield f"the slope is about ({high:.9g} - {low:.9g}) / 0.002 = {brief(_sigmoid_slope(z))}"


def _hadamard_by_hand(s: Numbers, t: Numbers) -> Iterator[str]:
    for j, (p, q) in enumerate(zip(s, t), start=1):
        yield f"(s ⊙ t)_{j} = s_{j} t_{j} = ({brief(p)})({brief(q)}) = {brief(p * q)}"


def _output_error(cost_derivative: Numbers, weighted_inputs: Numbers) -> list[float]:
    """Return the slope in z^L of a cost whose slope in a^L is ``cost_derivative``."""

    def cost(z: Sequence[float]) -> float:
        return oracle.dot(cost_derivative, [oracle.sigma(each) for each in z])

    return oracle.gradient(cost, weighted_inputs)


def _output_error_by_hand(cost_derivative: Numbers, weighted_inputs: Numbers) -> Iterator[str]:
    for j, (slope, z) in enumerate(zip(cost_derivative, weighted_inputs), start=1):
        sigma_prime = _sigmoid_slope(z)
        values = f"({brief(slope)})({brief(sigma_prime)}) = {brief(slope * sigma_prime)}"
        yield f"δ_{j} = ∂C/∂a_{j} σ'(z_{j}) = ({brief(slope)}) σ'({brief(z)}) = {values}"


@st.composite
def _next_layers(draw: st.DrawFn, most: int) -> Arguments:
    J, K = draw(st.integers(1, most)), draw(st.integers(1, most))
    return {
        "next_weights": [draw(lists(J)) for _ in range(K)],
        "next_error": draw(lists(K)),
        "weighted_inputs": draw(lists(J)),
    }


def _hidden_error(next_weights: Rows, next_error: Numbers, weighted_inputs: Numbers) -> list[float]:
    """Return the slope in z^l of a cost whose slope in z^{l+1} is ``next_error``."""

    def cost(z: Sequence[float]) -> float:
        a = [oracle.sigma(each) for each in z]
        return oracle.dot(next_error, [oracle.dot(w_k, a) for w_k in next_weights])

    return oracle.gradient(cost, weighted_inputs)


def _hidden_error_by_hand(
    next_weights: Rows, next_error: Numbers, weighted_inputs: Numbers
) -> Iterator[str]:
    for j, z in enumerate(weighted_inputs, start=1):
        column = [w_k[j - 1] for w_k in next_weights]
        symbols = " + ".join(f"w_{k}{j} δ_{k}" for k in range(1, len(column) + 1))
        total, slope = oracle.dot(column, next_error), _sigmoid_slope(z)
        values = f"({terms(column, next_error)}) ({brief(slope)}) = {brief(total * slope)}"
        yield f"δ_{j} = ({symbols}) σ'(z_{j}) = {values}"


def _bias_gradient(error: Numbers) -> list[float]:
    """Return the slope in b of a cost whose slope in z = w a + b is ``error``."""
    return oracle.gradient(lambda b: oracle.dot(error, b), [0.0] * len(error))


def _bias_gradient_by_hand(error: Numbers) -> Iterator[str]:
    for j, delta in enumerate(error, start=1):
        yield f"b_{j} is added to z_{j}: ∂C/∂b_{j} = δ_{j} = {brief(delta)}"


@st.composite
def _errors(draw: st.DrawFn, most: int) -> Arguments:
    J, K = draw(st.integers(1, most)), draw(st.integers(1, most))
    return {"activations": draw(lists(K)), "error": draw(lists(J))}


def _weight_gradient(activations: Numbers, error: Numbers) -> list[list[float]]:
    """Return the slope in each w_jk of a cost whose slope in z = w a + b is ``error``."""
    nothing = [0.0] * len(activations)

    def row_of(j: int) -> list[float]:
        return oracle.gradient(lambda w_j: error[j] * oracle.dot(w_j, activations), nothing)

    return [row_of(j) for j in range(len(error))]


def _weight_gradient_by_hand(activations: Numbers, error: Numbers) -> Iterator[str]:
    for j, delta in enumerate(error, start=1):
        for k, a in enumerate(activations, start=1):
            values = f"({brief(a)})({brief(delta)}) = {brief(a * delta)}"
            yield f"∂C/∂w_{j}{k} = a_{k} δ_{j} = {values}"


def _backprop(biases: Rows, weights: Sequence[Rows], x: Numbers, y: Numbers) -> list[Any]:
    """Every ∂C/∂b and ∂C/∂w, by moving that one number and running the network again."""

    def with_biases(i: int, b: list[float]) -> float:
        return oracle.cost(oracle.outputs([*biases[:i], b, *biases[i + 1 :]], weights, x), y)

    def with_row(i: int, j: int, w_j: list[float]) -> float:
        w = [*weights[i][:j], w_j, *weights[i][j + 1 :]]
        return oracle.cost(oracle.outputs(biases, [*weights[:i], w, *weights[i + 1 :]], x), y)

    nabla_b = [
        oracle.gradient(lambda b, i=i: with_biases(i, b), vector)  # type: ignore[misc]
        for i, vector in enumerate(biases)
    ]
    nabla_w = [
        [
            oracle.gradient(lambda w_j, i=i, j=j: with_row(i, j, w_j), w_j)  # type: ignore[misc]
            for j, w_j in enumerate(matrix)
        ]
        for i, matrix in enumerate(weights)
    ]
    return [nabla_b, nabla_w]


def _backprop_by_hand(
    biases: Rows, weights: Sequence[Rows], x: Numbers, y: Numbers
) -> Iterator[str]:
    yield from _forward_by_hand(biases, weights, x)
    L = len(biases) + 1
    nabla_b, nabla_w = _backprop(biases, weights, x, y)
    activations = [oracle.outputs(biases[:l], weights[:l], x) for l in range(L)]
    for l in range(L, 1, -1):
        yield from _layer_by_hand(l, L, nabla_b, weights, activations, y)
        rows = ", ".join(row(each) for each in nabla_w[l - 2])
        yield f"∂C/∂b^{l} = δ^{l} = {row(nabla_b[l - 2])}, ∂C/∂w^{l} = δ^{l} a^{l - 1}: {rows}"


def _layer_by_hand(
    l: int, L: int, deltas: Rows, weights: Sequence[Rows], activations: Rows, y: Numbers
) -> Iterator[str]:
    """Write out (BP1) for the output layer L, (BP2) for any other."""
    for j, a in enumerate(activations[l - 1], start=1):
        sigma_prime, total = brief(a * (1.0 - a)), brief(deltas[l - 2][j - 1])
        name = f"δ^{l}_{j}"
        if l == L:
            values = f"({brief(a)} - ({brief(y[j - 1])})) ({sigma_prime})"
            yield f"{name} = (a_{j} - y_{j}) σ'(z_{j}) = {values} = {total}"
        else:
            column = [w_k[j - 1] for w_k in weights[l - 1]]
            values = f"({terms(column, deltas[l - 1])}) ({sigma_prime})"
            yield f"{name} = (Σ_k w^{l + 1}_k{j} δ^{l + 1}_k) σ'(z_{j}) = {values} = {total}"


def _curves() -> st.SearchStrategy[list[float]]:
    """Draw c_0 … c_3 of a curve whose slope changes by at most 8 times the distance, for v to 2."""
    bounds = (3.0, 3.0, 1.0, 0.5)
    return st.tuples(*(numbers(-bound, bound) for bound in bounds)).map(list)


CLAIMS: list[Claim] = [
    claim(
        "weighted-input",
        2,
        "weighted_input",
        "z",
        growing(_layers, 4),
        Definition(oracle.weighted_inputs, _weighted_input_by_hand),
        "The weighted input of neuron j is the sum over the layer before of the weight to j from k "
        "times the activation of k, plus the bias of j.",
    ),
    claim(
        "activation",
        2,
        "activations",
        "a",
        growing(lambda most: vectors_named(most, "weighted_inputs"), 5),
        Definition(
            lambda weighted_inputs: [oracle.sigma(z) for z in weighted_inputs],
            _activation_by_hand,
            1e-12,
        ),
        "The activation of a neuron is σ of its weighted input, neuron by neuron.",
        {"weighted_inputs": [-1000.0]},
    ),
    claim(
        "feedforward",
        2,
        "feedforward",
        "22 23 25",
        growing(_networks, 3),
        Definition(oracle.outputs, _forward_by_hand),
        "The output of a network is found layer after layer: a' = σ(w a + b), from the input on.",
    ),
    claim(
        "cost-formula",
        2,
        "cost",
        "27",
        growing(lambda most: vectors_named(most, "outputs", "desired"), 5),
        Definition(
            lambda outputs, desired: oracle.cost(outputs, desired), _cost_by_hand, 1e-11, 1e-11
        ),
        "The quadratic cost of one example is half the squared distance from the output to what "
        "was wanted.",
    ),
    claim(
        "cost-slope",
        2,
        "cost_derivative",
        "∂C/∂a",
        growing(lambda most: vectors_named(most, "outputs", "desired"), 5),
        Definition(_cost_slopes, _cost_slopes_by_hand, 1e-7, 1e-7),
        "∂C/∂a is the slope of the quadratic cost in each output: a - y.",
    ),
    claim(
        "hadamard",
        2,
        "hadamard",
        "28",
        growing(lambda most: vectors_named(most, "s", "t"), 5),
        Definition(lambda s, t: [p * q for p, q in zip(s, t)], _hadamard_by_hand),
        "The Hadamard product multiplies two vectors entry by entry.",
    ),
    claim(
        "sigmoid-slope",
        2,
        "sigmoid_prime",
        "σ'",
        st.fixed_dictionaries({"z": numbers(-30.0, 30.0)}),
        Definition(_sigmoid_slope, _sigmoid_slope_by_hand, 1e-9, 1e-7),
        "σ'(z) = σ(z) (1 - σ(z)) is the slope of σ at z.",
        {"z": 1.0},
        {"z": -2.0},
    ),
    claim(
        "bp1",
        2,
        "output_error",
        "BP1 BP1a",
        growing(lambda most: vectors_named(most, "cost_derivative", "weighted_inputs"), 5),
        Definition(_output_error, _output_error_by_hand, 1e-7, 1e-7),
        "The error of an output neuron is how fast the cost changes with its activation, times how "
        "fast its activation changes with z.",
        {"cost_derivative": [1.0, 2.0], "weighted_inputs": [1.0, -2.0]},
    ),
    claim(
        "bp2",
        2,
        "hidden_error",
        "BP2",
        growing(_next_layers, 3),
        Definition(_hidden_error, _hidden_error_by_hand, 1e-7, 1e-7),
        "The error of a hidden neuron is the sum of the errors after it, each times the weight "
        "that leads there, times the slope σ'(z) of the neuron itself.",
        {
            "next_weights": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
            "next_error": [1.0, -1.0, 2.0],
            "weighted_inputs": [1.0, -2.0],
        },
    ),
    claim(
        "bp3",
        2,
        "bias_gradient",
        "BP3 31",
        growing(lambda most: vectors_named(most, "error"), 5),
        Definition(_bias_gradient, _bias_gradient_by_hand, 1e-7, 1e-7),
        "The slope of the cost in a bias is the error of its neuron.",
    ),
    claim(
        "bp4",
        2,
        "weight_gradient",
        "BP4 32",
        growing(_errors, 4),
        Definition(_weight_gradient, _weight_gradient_by_hand, 1e-7, 1e-7),
        "The slope of the cost in a weight is the activation that goes into it times the error of "
        "the neuron it leads to.",
        {"activations": [1.0, 2.0, 3.0], "error": [0.5, -1.0]},
    ),
    claim(
        "backprop",
        2,
        "backprop",
        "BP1 BP2 BP3 BP4",
        growing(lambda most: _networks(most, "y"), 3),
        Definition(_backprop, _backprop_by_hand, 1e-6, 1e-5),
        "Backpropagation finds every ∂C/∂w and ∂C/∂b: the slope that the cost shows when that one "
        "weight or bias is moved.",
        {
            "biases": [[0.5, -0.5], [0.25, -1.0], [0.0]],
            "weights": [[[1.0, -2.0], [0.5, 1.0]], [[1.0, 2.0], [-1.0, 0.5]], [[2.0, -1.0]]],
            "x": [1.0, 0.5],
            "y": [1.0],
        },
    ),
    claim(
        "numerical-slope",
        2,
        "numerical_derivative",
        "46",
        st.fixed_dictionaries({"cost": _curves(), "v": numbers(-2.0, 2.0)}),
        Definition(
            lambda cost, v: fsum(p * c * v ** (p - 1) for p, c in enumerate(cost) if p),
            lambda cost, v: [
                "C = " + " + ".join(f"({brief(c)}) v^{p}" for p, c in enumerate(cost)),
                "dC/dv = "
                + " + ".join(
                    f"{p}({brief(c)})({brief(v)})^{p - 1}" for p, c in enumerate(cost) if p
                ),
            ],
            *ONE_SIDED,
        ),
        "The slope of C at v is found by moving v a little, by 0.01 or less, and seeing how much C "
        "changes for it.",
    ),
]
