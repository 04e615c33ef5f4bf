"""Dropout over arrays: the mask is a work array, set again for each mini-batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Optional

import numpy as np

from tinynn.fast.equations.activations import Array
from tinynn.fast.equations.dropout import masked_activation, masked_error
from tinynn.fast.layers.layer import Forward, Layer
from tinynn.layers.descriptions import Dropout
from tinynn.layers.layer import register_layer


class DropoutLayer(Layer):
    """A dropout layer bound to m columns; compare ``tinynn.layers.dropout``."""

    def __init__(self, description: Dropout, *others: Any) -> None:
        super().__init__(description, *others)
        a = self.passed.a
        self.mask = np.empty((len(a), 1), a.dtype)
        self._share = 1.0 - description.p
        self.take_mask(None)

    def take_mask(self, mask: Optional[Sequence[float]]) -> None:
        """Set the mask r of one mini-batch. Without a mask keep all neurons, times 1 - p."""
        self.mask[:, 0] = self._share if mask is None else mask

    def forward(self, activations: Array) -> Forward:
        """Fill a^l with a^{l-1} times the mask: (r⊙a)."""
        passed = self.passed
        masked_activation(self.mask, activations, passed.a)
        if passed.z is not passed.a:
            passed.z[...] = passed.a
        return passed

    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} from δ^l: (r⊙δ)."""
        return masked_error(self.mask, error, before.sigma_prime, before.delta)


register_layer(Dropout, fast=DropoutLayer)
