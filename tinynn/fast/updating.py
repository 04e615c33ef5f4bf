"""The update of a network's numbers after a mini-batch, for each kind of descent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Optional

import numpy as np

from tinynn.errors import require_penalty
from tinynn.fast.costs import fast_penalty
from tinynn.fast.equations import updates
from tinynn.fast.stack import Parameters
from tinynn.training.settings import Momentum


class Update(NamedTuple):
    """The update of the numbers from the gradient of a mini-batch, times η.

    For Nesterov's gradient ``before`` first moves the numbers; ``undo`` reverts this if necessary.
    """

    after: Callable[[], object]
    before: Optional[Callable[[], object]] = None
    undo: Optional[Callable[[], object]] = None


def update_of(
    parameters: Parameters,
    gradient: Parameters,
    eta: float,
    lmbda: float,
    n: int,
    penalty: str,
    momentum: Optional[Momentum],
) -> Update:
    """Return the update of a network's numbers by a gradient, η/m Σ_x ∂C_x."""
    require_penalty(lmbda, n)
    found = fast_penalty(penalty)
    flat, dtype = parameters.flat, parameters.flat.dtype
    weights, nabla_w = parameters.all_weights, gradient.all_weights
    biases, nabla_b = parameters.all_biases, gradient.all_biases
    if momentum is None and lmbda == 0.0:
        return Update(partial(updates.updated_weights, flat, gradient.flat, flat))  # and the biases
    if momentum is None:
        number = np.array(found.number(eta, lmbda, n), dtype)

        def decay() -> None:
            found.updated_weights(weights, nabla_w, number, weights)
            updates.updated_biases(biases, nabla_b, biases)

        return Update(decay)
    velocity, mu = momentum.velocity, np.array(momentum.mu, dtype)
    share = np.array(updates.constantly(eta, lmbda, n), dtype)
    start = flat  # where the move starts: w itself, or its copy while the gradient is ahead
    is_ahead = False

    def roll() -> None:
        nonlocal is_ahead
        if lmbda:
            found.gradient(weights, nabla_w, share, nabla_w)
        updates.updated_velocity(velocity, gradient.flat, mu, velocity)
        updates.moved_weights(start, velocity, flat)
        is_ahead = False

    if not momentum.nesterov:
        return Update(roll)
    start = flat.copy()

    def look_ahead() -> None:
        nonlocal is_ahead
        start[...] = flat
        is_ahead = True
        updates.weights_ahead(start, velocity, mu, flat)

    def look_back() -> None:
        if is_ahead:  # an interrupted step
            flat[...] = start

    return Update(roll, look_ahead, look_back)
