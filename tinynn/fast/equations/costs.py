"""The costs over a whole mini-batch, one column per example: the twins of the pure functions."""

from __future__ import annotations

from typing import Optional

import numpy as np
from numpy import square, subtract

from tinynn.equations import costs as pure
from tinynn.errors import ShapeError
from tinynn.fast.equations.activations import Array
from tinynn.notation import twin


@twin(pure.quadratic)
def quadratic(outputs: Array, desired: Array) -> Array:
    """Return C_x = 1/2 ‖y - a^L‖² of each example, equation (27): J×m, J×m to m, in float64."""
    _require(outputs, desired)
    terms: Array = square(subtract(desired, outputs), dtype="float64")
    halves: Array = terms.sum(axis=0) / 2.0
    return halves


@twin(pure.quadratic_derivative)
def quadratic_derivative(outputs: Array, desired: Array, out: Optional[Array] = None) -> Array:
    """Return ∂C/∂a^L = a^L - y of each example: J×m, J×m to J×m."""
    if out is None:
        _require(outputs, desired)
    return subtract(outputs, desired, out)  # (J, m) - (J, m)


@twin(pure.cross_entropy)
def cross_entropy(outputs: Array, desired: Array) -> Array:
    """Return C_x = -Σ_j [y_j ln a_j + (1 - y_j) ln(1 - a_j)], (63): J×m, J×m to m, in float64."""
    _require(outputs, desired)
    a, y = outputs.astype("float64"), desired.astype("float64")
    terms: Array = _times_ln(y, a) + _times_ln(1.0 - y, 1.0 - a)
    costs: Array = 0.0 - terms.sum(axis=0)
    return costs


@twin(pure.log_likelihood)
def log_likelihood(outputs: Array, desired: Array) -> Array:
    """Return C_x = -Σ_j y_j ln a_j, equation (80): J×m, J×m to m, in float64."""
    _require(outputs, desired)
    terms = _times_ln(desired.astype("float64"), outputs.astype("float64"))
    costs: Array = 0.0 - terms.sum(axis=0)
    return costs


def _times_ln(y: Array, a: Array) -> Array:
    """Return y ln a: 0 where y is 0, else -inf where a is 0."""
    with np.errstate(divide="ignore"):
        logs = np.log(a, out=np.zeros_like(a), where=y > 0.0)
    return y * logs


@twin(pure.matched_error)
def matched_error(outputs: Array, desired: Array, out: Optional[Array] = None) -> Array:
    """Return δ^L = a^L - y of each example, (66), (68) and (84): J×m, J×m to J×m."""
    if out is None:
        _require(outputs, desired)
    return subtract(outputs, desired, out)  # (J, m) - (J, m)


@twin(pure.mean_cost)
def mean_cost(example_costs: Array) -> float:
    """Return C = 1/n Σ_x C_x, equations (6) and (26), of n numbers."""
    return float(example_costs.mean())


@twin(pure.l2_cost)
def l2_cost(cost: float, weights: Array, lmbda: float, n: int) -> float:
    """Return C = C_0 + λ/2n Σ_w w², equation (87), of any number of weights at once."""
    return cost + lmbda / (2.0 * n) * float(square(weights, dtype="float64").sum())


@twin(pure.l1_cost)
def l1_cost(cost: float, weights: Array, lmbda: float, n: int) -> float:
    """Return C = C_0 + λ/n Σ_w |w|, equation (95), of any number of weights at once."""
    return cost + lmbda / n * float(np.abs(weights).sum(dtype="float64"))


def _require(outputs: Array, desired: Array) -> None:
    if outputs.shape != desired.shape:
        raise ShapeError(f"desired: expected {outputs.shape}, like outputs, got {desired.shape}")
