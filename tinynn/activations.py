"""Activation functions: the value σ(z) and the derivative σ'(z) of each, at any float z."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from math import tanh as _tanh
from typing import NamedTuple

from tinynn.errors import ArgumentError, describe, require_function, require_real
from tinynn.notation import equation


class Activation(NamedTuple):
    """An activation function σ with its derivative σ' and its name in files."""

    name: str
    value: Callable[[float], float]
    derivative: Callable[[float], float]

    def __repr__(self) -> str:
        return f"<Activation {self.name}>"


def step(z: float) -> float:
    """Return 1 if z > 0, else 0: the perceptron's all-or-nothing answer.

    step(0) = 0, as in equation (2).

    >>> step(-3.0), step(0.0), step(0.1)
    (0.0, 0.0, 1.0)
    """
    if type(z) is not float:
        require_real("z", z)
    if z > 0.0:
        return 1.0
    return 0.0


def step_prime(z: float) -> float:
    """Return 0: a step is flat on both sides of 0, so a network cannot learn from its slope."""
    if type(z) is not float:
        require_real("z", z)
    return 0.0


def linear(z: float) -> float:
    """Return z itself."""
    if type(z) is not float:
        require_real("z", z)
    return z


def linear_prime(z: float) -> float:
    """Return 1, the slope of z everywhere."""
    if type(z) is not float:
        require_real("z", z)
    return 1.0


@equation("3", "σ(z) = 1 / (1 + e^(-z))", sigmoid="σ")
def sigmoid(z: float) -> float:
    """Return σ(z) = 1 / (1 + e^(-z)), equation (3): a smooth step.

    >>> sigmoid(0.0), round(sigmoid(2.0), 4), sigmoid(1e308), sigmoid(-1e308)
    (0.5, 0.8808, 1.0, 0.0)
    """
    if type(z) is not float:
        require_real("z", z)
    if z < -700.0:
        # e^(-z) soon overflows here, and 1 + e^(-z) is e^(-z) to the last bit
        return exp(z)
    return 1.0 / (1.0 + exp(-z))


@equation("σ'", "σ'(z) = σ(z) (1 - σ(z))", sigmoid_prime="σ'")
def sigmoid_prime(z: float) -> float:
    """Return σ'(z) = σ(z) (1 - σ(z)), which is 1/4 at z = 0 and less everywhere else.

    >>> sigmoid_prime(0.0), round(sigmoid_prime(2.0), 4), sigmoid_prime(1e308)
    (0.25, 0.105, 0.0)
    """
    a = sigmoid(z)
    return a * (1.0 - a)


def tanh(z: float) -> float:
    """Return the hyperbolic tangent, 2 σ(2z) - 1: a sigmoid that runs from -1 to 1.

    >>> tanh(0.0), tanh(1e308)
    (0.0, 1.0)
    """
    if type(z) is not float:
        require_real("z", z)
    return _tanh(z)


def tanh_prime(z: float) -> float:
    """Return tanh'(z) = 1 - tanh(z)²."""
    if type(z) is not float:
        require_real("z", z)
    a = _tanh(z)
    return 1.0 - a * a


def relu(z: float) -> float:
    """Return the larger of z and 0: a rectified linear neuron."""
    if type(z) is not float:
        require_real("z", z)
    if z > 0.0:
        return z
    return 0.0


def relu_prime(z: float) -> float:
    """Return 1 if z > 0, else 0; at the corner, z = 0, return 0."""
    if type(z) is not float:
        require_real("z", z)
    if z > 0.0:
        return 1.0
    return 0.0


def _of_a_layer(z: float) -> float:
    """Raise ArgumentError: softmax takes a whole layer, not one number."""
    raise ArgumentError(
        "softmax: expected all weighted inputs of a layer, got one number: "
        "write tinynn.equations.softmax(z)"
    )


STEP = Activation("step", step, step_prime)
LINEAR = Activation("linear", linear, linear_prime)
SIGMOID = Activation("sigmoid", sigmoid, sigmoid_prime)
TANH = Activation("tanh", tanh, tanh_prime)
RELU = Activation("relu", relu, relu_prime)
# tinynn.equations.softmax computes the whole last layer at once; its derivative is never needed.
SOFTMAX = Activation("softmax", _of_a_layer, _of_a_layer)

ACTIVATIONS = {each.name: each for each in (STEP, LINEAR, SIGMOID, TANH, RELU)}
_NAMED = {**ACTIVATIONS, SOFTMAX.name: SOFTMAX}


def activation_named(name: object) -> Activation:
    """Return the activation function of this name.

    >>> activation_named("tanh").value(0.0)
    0.0
    >>> activation_named("tan")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: activation: expected step, ... relu or softmax, got 'tan' (a str)
    """
    if isinstance(name, Activation):
        if not isinstance(name.name, str):
            raise ArgumentError(f"activation name: expected a text, got {describe(name.name)}")
        for field in ("value", "derivative"):
            write = "Activation('square', lambda z: z * z, lambda z: 2 * z)"
            require_function(f"activation {field}", getattr(name, field), write)
        return name
    if not isinstance(name, str) or name not in _NAMED:
        *names, last = _NAMED
        expected = f"{', '.join(names)} or {last}"
        raise ArgumentError(f"activation: expected {expected}, got {describe(name)}")
    return _NAMED[name]
