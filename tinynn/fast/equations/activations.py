"""Activation functions over whole arrays: the twins of ``tinynn.activations``.

Each derivative is computed from the activation a = σ(z) of the forward pass: for a sigmoid
σ'(z) = a (1 - a). ``out`` is the array for the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
from numpy import (
    add,
    divide,
    exp,
    greater,
    maximum,
    multiply,
    negative,
    positive,
    reciprocal,
    subtract,
    tanh,
)
from numpy.typing import NDArray

import tinynn.activations as pure
from tinynn.activations import Activation
from tinynn.equations import softmax as pure_softmax
from tinynn.errors import ArgumentError
from tinynn.notation import twin

Array = NDArray[Any]

# Arrays without dimensions, by item size: ufuncs handle them faster than Python floats.
_ONE = {4: np.array(1.0, "float32"), 8: np.array(1.0, "float64")}


@dataclass(frozen=True)
class FastActivation:
    """σ, and σ' as a function of a = σ(z), with the name of the pure function."""

    name: str
    value: Callable[[Array, Optional[Array]], Array]
    derivative: Callable[[Array, Optional[Array]], Array]


@twin(pure.sigmoid)
def sigmoid(z: Array, out: Optional[Array] = None) -> Array:
    """Return 1 / (1 + e^(-z)), equation (3). e^(-z) may overflow to inf; 1 / inf is 0."""
    a: Array = negative(z, out)
    exp(a, a)
    add(a, _ONE[a.itemsize], a)
    reciprocal(a, a)
    return a


@twin(pure.sigmoid_prime, a="z")
def sigmoid_prime(a: Array, out: Optional[Array] = None) -> Array:
    """Return a (1 - a). ``out`` must not be ``a``."""
    slope: Array = subtract(_ONE[a.itemsize], a, out)
    multiply(slope, a, slope)
    return slope


def tanh_prime(a: Array, out: Optional[Array] = None) -> Array:
    """Return 1 - a²."""
    slope: Array = multiply(a, a, out)
    subtract(_ONE[a.itemsize], slope, slope)
    return slope


def linear(z: Array, out: Optional[Array] = None) -> Array:
    """Return z."""
    return positive(z, out)


def linear_prime(a: Array, out: Optional[Array] = None) -> Array:
    """Return 1 everywhere."""
    slope = np.empty_like(a) if out is None else out
    slope.fill(1.0)
    return slope


def relu(z: Array, out: Optional[Array] = None) -> Array:
    """Return the larger of z and 0."""
    return np.asarray(maximum(z, 0.0, out=out))


def step(z: Array, out: Optional[Array] = None) -> Array:
    """Return 1 where z > 0, else 0. As the derivative of relu it takes a: a > 0 where z > 0."""
    a = np.empty_like(z) if out is None else out
    greater(z, 0.0, a, casting="unsafe")
    return a


def step_prime(a: Array, out: Optional[Array] = None) -> Array:
    """Return 0 everywhere."""
    slope = np.empty_like(a) if out is None else out
    slope.fill(0.0)
    return slope


@twin(pure_softmax)
def softmax(weighted_inputs: Array, out: Optional[Array] = None) -> Array:
    """Return e^z / Σ_k e^z of each example, equation (78): J×m to J×m."""
    a: Array = subtract(weighted_inputs, maximum.reduce(weighted_inputs, 0), out)
    exp(a, a)
    return divide(a, add.reduce(a, 0), a)


FAST_ACTIVATIONS = {
    each.name: each
    for each in (
        FastActivation("step", step, step_prime),
        FastActivation("linear", linear, linear_prime),
        FastActivation("sigmoid", sigmoid, sigmoid_prime),
        FastActivation("tanh", tanh, tanh_prime),
        FastActivation("relu", relu, step),
    )
}


def _never(a: Array, out: Optional[Array] = None) -> Array:
    """Raise ArgumentError: with softmax δ^L is a^L - y, without a derivative."""
    raise ArgumentError("softmax: expected no call of its derivative: write matched_error(a, y)")


SOFTMAX = FastActivation("softmax", softmax, _never)


def fast_activation(function: Activation) -> FastActivation:
    """Return the fast form of an activation function. Raises ArgumentError if it has none."""
    if function == pure.SOFTMAX:
        return SOFTMAX
    if function not in pure.ACTIVATIONS.values():
        raise ArgumentError(f"activation: {function.name!r} has no fast form")
    return FAST_ACTIVATIONS[function.name]
