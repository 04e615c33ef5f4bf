"""How a network's numbers change after a mini-batch: the step of each kind of descent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Optional

import numpy as np

from tinynn.errors import ShapeError, require_kind, require_penalty
from tinynn.fast.costs import fast_penalty
from tinynn.fast.equations.updates import (
    constantly,
    moved_weights,
    updated_biases,
    updated_velocity,
    updated_weights,
    weights_ahead,
)
from tinynn.fast.stack import Parameters
from tinynn.training.settings import Momentum


class Step(NamedTuple):
    """What is done before a mini-batch, if anything, and once its gradient, times η, is there."""

    before: Optional[Callable[[], object]]
    after: Callable[[], object]


def step_of(
    parameters: Parameters,
    gradient: Parameters,
    eta: float,
    lmbda: float,
    n: int,
    penalty: str,
    momentum: Optional[Momentum],
) -> Step:
    """Return the step of a network's numbers that a gradient, η/m Σ_x ∂C_x, asks for."""
    require_penalty(lmbda, n)
    found = fast_penalty(penalty)
    flat, dtype = parameters.flat, parameters.flat.dtype
    weights, nabla_w = parameters.all_weights, gradient.all_weights
    biases, nabla_b = parameters.all_biases, gradient.all_biases
    if momentum is None and lmbda == 0.0:
        return Step(None, partial(updated_weights, flat, gradient.flat, flat))  # and the biases
    if momentum is None:
        number = np.array(found.number(eta, lmbda, n), dtype)

        def decay() -> None:
            found.updated_weights(weights, nabla_w, number, weights)
            updated_biases(biases, nabla_b, biases)

        return Step(None, decay)
    require_kind("momentum", momentum, Momentum, "network.momentum(0.9)")
    if getattr(momentum.velocity, "shape", None) != flat.shape:
        expected = "expected one of this network, got one of another"
        raise ShapeError(f"momentum: {expected}: write network.momentum(0.9)")
    velocity, mu = momentum.velocity, np.array(momentum.mu, dtype)
    share = np.array(constantly(eta, lmbda, n), dtype)
    start = flat  # where the velocities begin: w itself, or a copy while the gradient is ahead

    def roll() -> None:
        if lmbda:
            found.gradient(weights, nabla_w, share, nabla_w)
        updated_velocity(velocity, gradient.flat, mu, velocity)
        moved_weights(start, velocity, flat)

    if not momentum.nesterov:
        return Step(None, roll)
    start = flat.copy()

    def look_ahead() -> None:
        start[...] = flat
        weights_ahead(start, velocity, mu, flat)

    return Step(look_ahead, roll)
