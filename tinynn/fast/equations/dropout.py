"""Dropout over a mini-batch: the twins of ``tinynn.equations.dropout``, with one mask for all."""

from __future__ import annotations

from typing import Optional

from numpy import multiply

from tinynn.equations import dropout as pure
from tinynn.fast.equations.activations import Array
from tinynn.notation import twin


@twin(pure.masked_activation)
def masked_activation(mask: Array, activations: Array, out: Optional[Array] = None) -> Array:
    """Return r ⊙ a^{l-1} of each example: J×1, J×m to J×m."""
    return multiply(mask, activations, out)  # (J, 1), one r per row


@twin(pure.masked_error, sigma_prime="weighted_inputs function")
def masked_error(
    mask: Array, next_error: Array, sigma_prime: Array, out: Optional[Array] = None
) -> Array:
    """Return r ⊙ δ^{l+1} ⊙ σ'(z^l) of each example: J×1, J×m, J×m to J×m."""
    delta = multiply(mask, next_error, out)
    return multiply(delta, sigma_prime, delta)
