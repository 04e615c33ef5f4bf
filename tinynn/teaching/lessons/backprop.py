"""Lesson 3: the forward pass, and the four equations of backpropagation (chapter 2).

No judge uses a derivative. The right answer is always the numerical gradient of a definition: the
judge of (BP2) puts a cost Σ_k δ_k z_k on the next layer, whose errors are then the δ_k.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.equations.costs import quadratic_derivative
from tinynn.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.network import Network
from tinynn.teaching import oracle
from tinynn.teaching.judging import ONE_SIDED, Definition
from tinynn.teaching.lesson import Code, Judges
from tinynn.teaching.lessons.learning import curve_slope
from tinynn.teaching.oracle import Numbers, Rows


def feedforward_of(biases: Any, weights: Any, x: Any) -> Any:
    """Return the output of a network, layer by layer."""
    a = x
    for i in range(len(biases)):
        z = weighted_input(weights[i], a, biases[i])
        a = activation(z)
    return a


def backprop_of(biases: Any, weights: Any, x: Any, y: Any) -> Any:
    """Return (nabla_b, nabla_w) by the four equations, in the order of Network.backprop."""
    L = len(biases) + 1
    a = {1: x}
    z = {1: x}
    for l in range(2, L + 1):
        z[l] = weighted_input(weights[l - 2], a[l - 1], biases[l - 2])
        a[l] = activation(z[l])
    nabla_a = quadratic_derivative(a[L], y)
    delta = {L: output_error(nabla_a, z[L])}
    for l in range(L - 1, 1, -1):
        delta[l] = hidden_error(weights[l - 1], delta[l + 1], z[l])
    nabla_b = []
    nabla_w = []
    for l in range(2, L + 1):
        nabla_b.append(bias_gradient(delta[l]))
        nabla_w.append(weight_gradient(a[l - 1], delta[l]))
    return [nabla_b, nabla_w]


def hadamard_of(s: Any, t: Any) -> Any:
    """Return s ⊙ t."""
    product = [0.0] * len(s)
    for j in range(len(s)):
        product[j] = s[j] * t[j]
    return product


_VALUES = (activation, sigmoid)
_PRIMES = (sigmoid_prime, sigmoid)


def _activations(weighted_inputs: Numbers) -> list[float]:
    return [oracle.sigma(z) for z in weighted_inputs]


def _cost(outputs: Numbers, desired: Numbers) -> float:
    return oracle.cost(outputs, desired)


def _cost_slope(outputs: Numbers, desired: Numbers) -> list[float]:
    return oracle.gradient(lambda a: oracle.cost(a, desired), outputs)


def _output_error(cost_derivative: Numbers, weighted_inputs: Numbers) -> list[float]:
    """Return the slope in z^L of a cost whose slope in a^L is ``cost_derivative``."""

    def cost(z: Sequence[float]) -> float:
        return oracle.dot(cost_derivative, [oracle.sigma(each) for each in z])

    return oracle.gradient(cost, weighted_inputs)


def _hidden_error(next_weights: Rows, next_error: Numbers, weighted_inputs: Numbers) -> list[float]:
    """Return the slope in z^l of a cost whose slope in z^{l+1} is ``next_error``."""

    def cost(z: Sequence[float]) -> float:
        a = [oracle.sigma(each) for each in z]
        return oracle.dot(next_error, [oracle.dot(w_k, a) for w_k in next_weights])

    return oracle.gradient(cost, weighted_inputs)


def _bias_gradient(error: Numbers) -> list[float]:
    """Return the slope in b of a cost whose slope in z = w a + b is ``error``."""
    return oracle.gradient(lambda b: oracle.dot(error, b), [0.0] * len(error))


def _weight_gradient(activations: Numbers, error: Numbers) -> list[list[float]]:
    """Return the slope in each w_jk of a cost whose slope in z = w a + b is ``error``."""

    def cost(w: Rows) -> float:
        return oracle.dot(error, [oracle.dot(w_j, activations) for w_j in w])

    return oracle.gradient(cost, [[0.0] * len(activations) for _ in error])


def _backprop(biases: Rows, weights: Sequence[Rows], x: Numbers, y: Numbers) -> list[Any]:
    """Return every ∂C/∂b and ∂C/∂w: move only that number, and run the network again."""

    def cost(b: Rows, w: Sequence[Rows]) -> float:
        return oracle.cost(oracle.outputs(b, w, x), y)

    nabla_b = oracle.gradient(lambda b: cost(b, weights), biases)
    nabla_w = oracle.gradient(lambda w: cost(biases, w), weights)
    return [nabla_b, nabla_w]


_ERRORS = (output_error, hidden_error, bias_gradient, weight_gradient)

CODE: dict[str, Code] = {
    "weighted_input": Code((weighted_input, sigmoid)),
    "activations": Code(_VALUES),
    "feedforward": Code(
        (feedforward_of, weighted_input, *_VALUES),
        engine=lambda biases, weights, x: Network.from_parameters(biases, weights).feedforward(x),
        most=3,
    ),
    "cost_derivative": Code((quadratic_derivative,)),
    "sigmoid_prime": Code(_PRIMES),
    "hadamard": Code((hadamard_of,), engine=lambda s, t: s.hadamard(t)),
    "output_error": Code((output_error, *_PRIMES)),
    "hidden_error": Code((hidden_error, *_PRIMES)),
    "bias_gradient": Code((bias_gradient, *_PRIMES)),
    "weight_gradient": Code((weight_gradient, *_PRIMES)),
    "backprop": Code(
        (backprop_of, quadratic_derivative, *_ERRORS, weighted_input, *_VALUES, sigmoid_prime),
        engine=lambda biases, weights, *xy: Network.from_parameters(biases, weights).backprop(*xy),
        most=3,
    ),
}

JUDGES: Judges = {
    "weighted-input": Definition(oracle.weighted_inputs),
    "activation": Definition(_activations, 1e-12),
    "feedforward": Definition(oracle.outputs),
    "cost-formula": Definition(_cost, 1e-11, 1e-11),
    "cost-slope": Definition(_cost_slope, 1e-7, 1e-7),
    "hadamard": Definition(lambda s, t: [p * q for p, q in zip(s, t)]),
    "sigmoid-slope": Definition(lambda z: oracle.slope(oracle.sigma, z), 1e-9, 1e-7),
    "bp1": Definition(_output_error, 1e-7, 1e-7),
    "bp2": Definition(_hidden_error, 1e-7, 1e-7),
    "bp3": Definition(_bias_gradient, 1e-7, 1e-7),
    "bp4": Definition(_weight_gradient, 1e-7, 1e-7),
    "backprop": Definition(_backprop, 1e-6, 1e-5),
    "numerical-slope": Definition(curve_slope, *ONE_SIDED),
}
