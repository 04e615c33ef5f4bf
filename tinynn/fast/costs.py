"""The costs of ``tinynn.costs`` over arrays, each with the error δ^L that it sends backwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional

from tinynn.costs import COSTS, Cost
from tinynn.errors import ArgumentError
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.costs import quadratic, quadratic_derivative
from tinynn.fast.equations.dense import output_error
from tinynn.fast.equations.updates import scaled
from tinynn.fast.layers.layer import Forward


@dataclass(frozen=True)
class FastCost:
    """The costs C_x of the examples of a mini-batch, with ∂C_x/∂a."""

    value: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array, Optional[Array]], Array]

    def error(self, passed: Forward, y: Array, rate: Array) -> Array:
        """Return ``rate`` times δ^L of each example, in the output layer's own array: (BP1)."""
        delta = passed.delta
        self.derivative(passed.a, y, delta)
        scaled(delta, rate, delta)
        return output_error(delta, passed.sigma_prime, delta)


FAST_COSTS = {"quadratic": FastCost(quadratic, quadratic_derivative)}


def fast_cost(cost: Cost) -> FastCost:
    """Return the fast form of a cost. Raises ArgumentError where it has none."""
    if cost not in COSTS.values() or cost.name not in FAST_COSTS:
        raise ArgumentError(f"cost: {cost.name!r} has no fast form")
    return FAST_COSTS[cost.name]
