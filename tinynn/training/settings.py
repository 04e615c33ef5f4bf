"""The settings of a training run."""

from __future__ import annotations

from typing import NamedTuple

from tinynn.errors import require_count, require_positive


class Settings(NamedTuple):
    """How a network is trained: how long, in mini-batches of what size, and how fast."""

    epochs: int
    mini_batch_size: int
    eta: float

    def checked(self) -> Settings:
        """Return these settings. Raises ArgumentError that names the first that makes no sense."""
        return Settings(
            require_count("epochs", self.epochs),
            require_count("mini_batch_size", self.mini_batch_size),
            require_positive("eta", self.eta),
        )
