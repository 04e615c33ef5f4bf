"""The costs of ``tinynn.costs`` over arrays, each with its error δ^L."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np

from tinynn.costs import COSTS, Cost, penalty_named
from tinynn.errors import ArgumentError
from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.costs import matched_error
from tinynn.fast.equations.dense import output_error
from tinynn.fast.equations.updates import constantly, scaled, shrinking
from tinynn.fast.layers.layer import Forward
from tinynn.layers.descriptions import Plan
from tinynn.linalg import Vector
from tinynn.notation import Equation

OutputError = Callable[[Forward, Array, Array], Array]


@dataclass(frozen=True)
class FastCost:
    """The costs C_x of the examples of a mini-batch, and ∂C_x/∂a if the cost has it."""

    value: Callable[[Array, Array], Array]
    derivative: Optional[Callable[[Array, Array, Optional[Array]], Array]] = None

    def error(self, passed: Forward, y: Array, rate: Array) -> Array:
        """Return ``rate`` times δ^L of each example, in the output layer's own array: (BP1)."""
        delta = passed.delta
        self.derivative(passed.a, y, delta)  # type: ignore[misc]
        scaled(delta, rate, delta)
        return output_error(delta, passed.sigma_prime, delta)


def fitting_error(passed: Forward, y: Array, rate: Array) -> Array:
    """Return ``rate`` times δ^L of output neurons that fit the cost: (66), (68), (84)."""
    delta = matched_error(passed.a, y, passed.delta)
    return scaled(delta, rate, delta)


def _twin(function: object) -> Any:
    """Return the declared twin of an equation of the pure engine, or None."""
    entries: Sequence[Equation] = getattr(function, "equations", ())
    return entries[0].twin.fast if entries and entries[0].twin else None


def fast_cost(cost: Cost) -> FastCost:
    """Return the fast form of a cost, or raise ArgumentError if a function of it has no twin."""
    parts = [_twin(part) for part in (cost.value, cost.derivative) if part is not None]
    if cost not in COSTS.values() or None in parts:
        raise ArgumentError(f"cost: {cost.name!r} has no fast form")
    return FastCost(*parts)


def fast_error(cost: Cost, plan: Plan) -> OutputError:
    """Return the function that computes δ^L for a plan, as ``Cost.error`` does."""
    return fitting_error if plan.output_function == cost.fits else fast_cost(cost).error


@dataclass(frozen=True)
class FastPenalty:
    """A penalty on all weights: its cost, its update, and the number that the update takes."""

    cost: Callable[[float, Array, float, int], float]
    updated_weights: Callable[[Array, Array, Array, Array], Array]
    number: Callable[[float, float, int], float]  # of η, λ and n
    gradient: Callable[[Array, Array, Array, Array], Array]  # with ηλ/n


_NUMBERS = {"L2": shrinking, "L1": constantly}


def fast_penalty(name: str) -> FastPenalty:
    """Return the fast form of a penalty: its twins."""
    _, *functions = penalty_named(name)
    cost, updated_weights, gradient = map(_twin, functions)
    return FastPenalty(cost, updated_weights, _NUMBERS[name], gradient)


def require_desired(name: str, cost: Cost, targets: Array) -> None:
    """Raise DataError that names the first desired output (n, J) that the cost does not accept."""
    if cost.require is not None:
        low, high, whole = targets.min(1), targets.max(1), targets.sum(1, dtype="float64")
        for i in np.flatnonzero((low < 0.0) | (high > 1.0) | (abs(whole - 1.0) > 1e-9)):
            cost.require(f"{name}, example {i}, y", Vector(targets[i].tolist()))
