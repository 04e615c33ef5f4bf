"""The settings of a training run."""

from __future__ import annotations

from typing import NamedTuple

from tinynn.costs import penalty_named
from tinynn.errors import require_at_least_0, require_count, require_positive


class Settings(NamedTuple):
    """How a network is trained: how long, in mini-batches of what size, and how fast.

    ``lmbda`` is λ of the ``penalty`` L2 or L1, which is divided by the size of the training set.
    """

    epochs: int
    mini_batch_size: int
    eta: float
    lmbda: float = 0.0
    penalty: str = "L2"

    def checked(self) -> Settings:
        """Return these settings. Raises ArgumentError that names the first that makes no sense."""
        penalty_named(self.penalty)
        return Settings(
            require_count("epochs", self.epochs),
            require_count("mini_batch_size", self.mini_batch_size),
            require_positive("eta", self.eta),
            require_at_least_0("lmbda", self.lmbda),
            self.penalty,
        )
