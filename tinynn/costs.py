"""The costs that a network can have, by name, each with the error δ^L that it sends backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tinynn.equations.costs import quadratic, quadratic_derivative
from tinynn.equations.dense import output_error
from tinynn.errors import ArgumentError, describe, require_function
from tinynn.layers.layer import Forward
from tinynn.linalg import Vector


class Cost(NamedTuple):
    """A cost C_x of one example, with ∂C_x/∂a, under the name it is saved by."""

    name: str
    value: Callable[[Vector, Vector], float]
    derivative: Callable[[Vector, Vector], Vector]

    def error(self, passed: Forward, y: Vector) -> Vector:
        """Return the error δ^L of the output layer, from what the forward pass left there: (BP1).

        >>> from tinynn.activations import SIGMOID
        >>> QUADRATIC.error(Forward(Vector([0]), Vector([0.5]), SIGMOID), Vector([1]))
        Vector([-0.125])
        """
        nabla_a = self.derivative(passed.a, y)
        return output_error(nabla_a, passed.z, passed.function)

    def __repr__(self) -> str:
        return f"<Cost {self.name}>"


QUADRATIC = Cost("quadratic", quadratic, quadratic_derivative)

COSTS = {each.name: each for each in (QUADRATIC,)}


def cost_named(name: object) -> Cost:
    """Return the cost of this name.

    >>> cost_named("quadratic")
    <Cost quadratic>
    >>> cost_named("cubic")
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: cost: expected quadratic, got 'cubic' (a str)
    """
    if isinstance(name, Cost):
        if not isinstance(name.name, str):
            raise ArgumentError(f"cost name: expected a text, got {describe(name.name)}")
        for field in ("value", "derivative"):
            write = "Cost('quadratic', quadratic, quadratic_derivative)"
            require_function(f"cost {field}", getattr(name, field), write, takes=2)
        return name
    if not isinstance(name, str) or name not in COSTS:
        expected = " or ".join(COSTS)
        raise ArgumentError(f"cost: expected {expected}, got {describe(name)}")
    return COSTS[name]
