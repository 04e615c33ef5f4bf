"""The settings of a training run."""

from __future__ import annotations

from typing import Any, NamedTuple

from tinynn.costs import penalty_named
from tinynn.errors import (
    ArgumentError,
    require_at_least_0,
    require_bool,
    require_count,
    require_positive,
)
from tinynn.linalg import finite_float


class Settings(NamedTuple):
    """The settings of training: epochs, mini-batch size, learning rate, penalty, momentum.

    ``lmbda`` is the λ of the ``penalty``, L2 or L1; training divides it by the number of examples.
    ``mu`` is the momentum coefficient μ, 0 for none. With ``nesterov`` the gradient is taken at
    w + μ v, v being the velocity.
    """

    epochs: int
    mini_batch_size: int
    eta: float
    lmbda: float = 0.0
    penalty: str = "L2"
    mu: float = 0.0
    nesterov: bool = False

    def checked(self) -> Settings:
        """Return these settings. Raises ArgumentError that names the first invalid one."""
        penalty_named(self.penalty)
        mu = finite_float(self.mu, "mu")
        if require_bool("nesterov", self.nesterov) and mu == 0.0:
            raise ArgumentError("nesterov needs a momentum mu, got mu = 0: write mu=0.9")
        return Settings(
            require_count("epochs", self.epochs),
            require_count("mini_batch_size", self.mini_batch_size),
            require_positive("eta", self.eta),
            require_at_least_0("lmbda", self.lmbda),
            self.penalty,
            mu,
            self.nesterov,
        )


class Momentum:
    """The momentum of a network: μ, and a velocity for each weight and bias, at first 0.

    ``network.momentum(0.9)`` returns one. Each step of the network updates its velocities.
    """

    __slots__ = ("mu", "nesterov", "owner", "velocity")

    def __init__(self, mu: float, nesterov: bool, velocity: Any, owner: object) -> None:
        self.mu = finite_float(mu, "mu")
        self.nesterov = require_bool("nesterov", nesterov)
        self.velocity = velocity  # in the form of the engine's snapshots
        self.owner = owner  # the engine, and the plan of the network

    def __repr__(self) -> str:
        return f"<Momentum μ = {self.mu:g}{', Nesterov' if self.nesterov else ''}>"
