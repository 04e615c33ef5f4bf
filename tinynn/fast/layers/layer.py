"""The protocol of a layer over arrays: the same three calls, for a mini-batch of m columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple, Optional

import numpy as np

from tinynn.fast.equations.activations import Array, FastActivation
from tinynn.layers.descriptions import Description, Shape


class Forward:
    """A layer's own arrays, each J×m: z and a of the forward pass, then its error.

    In training ``a`` is the same array as ``z`` and overwrites it.
    """

    __slots__ = ("a", "delta", "function", "sigma_prime", "z")

    def __init__(
        self, z: Array, a: Array, sigma_prime: Array, delta: Array, function: FastActivation
    ) -> None:
        self.z = z
        self.a = a
        self.sigma_prime = sigma_prime  # σ'(z^l), after the whole forward pass
        self.delta = delta
        self.function = function


class LayerGradient(NamedTuple):
    """The sums over the mini-batch: Σ_x ∂C_x/∂b^l, (J,), and Σ_x ∂C_x/∂w^l, (J, K)."""

    biases: Array
    weights: Array


class Layer(ABC):
    """A layer bound to m columns: its description, the network's numbers, and work arrays.

    ``weights`` (J, K) and ``bias_column`` (J, 1) are views of the network's own numbers, or None
    in a layer that does not learn. ``passed`` contains the layer's arrays.
    """

    def __init__(
        self,
        description: Description,
        shape_before: Shape,
        bias_column: Optional[Array],
        weights: Optional[Array],
        passed: Forward,
    ) -> None:
        self.description = description
        self.shape_before = shape_before
        self.shape = description.shape_after(shape_before)
        self.bias_column: Array = bias_column  # type: ignore[assignment]
        self.weights: Array = weights  # type: ignore[assignment]
        self.passed = passed
        self.ones = np.ones(passed.a.shape[1], passed.a.dtype)  # to sum over the mini-batch

    @property
    def biases(self) -> Optional[Array]:
        """The biases (J,), a view, or None in a layer that does not learn."""
        return None if self.bias_column is None else self.bias_column[:, 0]

    @abstractmethod
    def forward(self, activations: Array) -> Forward:
        """Fill z^l and a^l of ``passed`` from a^{l-1}, and return it."""

    @abstractmethod
    def error_before(self, error: Array, before: Forward) -> Array:
        """Fill δ^{l-1} of ``before`` from δ^l, by (BP2), and return it."""

    def add_gradient(self, activations: Array, error: Array, sums: LayerGradient) -> None:
        """Fill ``sums`` with Σ_x ∂C_x/∂b^l and Σ_x ∂C_x/∂w^l, from a^{l-1} and δ^l."""
        raise NotImplementedError(f"{self.description} has weights, but no add_gradient")

    def __repr__(self) -> str:
        before = "×".join(map(str, self.shape_before))
        return f"<fast layer {self.description} after {before}>"
