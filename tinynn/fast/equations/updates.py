"""The updates over whole arrays: the twins of (20), (21), (93), (97), and the factor η/m.

Backpropagation is linear in ∂C/∂a^L. So the engine multiplies these few numbers by η/m, not the
many of ∂C/∂w: the update gets η/m Σ_x ∂C_x/∂w.
"""

from __future__ import annotations

from typing import Optional

from numpy import add, multiply, sign, subtract

from tinynn.equations import momentum as pure_momentum
from tinynn.equations import updates as pure
from tinynn.fast.equations.activations import Array
from tinynn.notation import twin


def scaled(cost_derivative: Array, rate: Array, out: Optional[Array] = None) -> Array:
    """Return η/m ∂C/∂a^L, from which BP1 to BP4 compute η/m times the gradient: J×m to J×m."""
    return multiply(cost_derivative, rate, out)


@twin(pure.updated_weights, scaled_sum="nabla_sum eta m")
def updated_weights(weights: Array, scaled_sum: Array, out: Optional[Array] = None) -> Array:
    """Return w' = w - η/m Σ_x ∂C_x/∂w, equation (20), of any number of weights at once."""
    return subtract(weights, scaled_sum, out)


@twin(pure.updated_biases, scaled_sum="nabla_sum eta m")
def updated_biases(biases: Array, scaled_sum: Array, out: Optional[Array] = None) -> Array:
    """Return b' = b - η/m Σ_x ∂C_x/∂b, equation (21), of any number of biases at once."""
    return subtract(biases, scaled_sum, out)


@twin(pure.l2_updated_weights, scaled_sum="nabla_sum eta m", shrink="lmbda n")
def l2_updated_weights(
    weights: Array, scaled_sum: Array, shrink: Array, out: Optional[Array] = None
) -> Array:
    """Return w' = (1 - ηλ/n) w - η/m Σ_x ∂C_x/∂w, equation (93); ``shrink`` is 1 - ηλ/n."""
    updated: Array = multiply(weights, shrink, out)
    return subtract(updated, scaled_sum, updated)


@twin(pure.l1_updated_weights, scaled_sum="nabla_sum eta m", constant="lmbda n")
def l1_updated_weights(
    weights: Array, scaled_sum: Array, constant: Array, out: Optional[Array] = None
) -> Array:
    """Return w' = w - ηλ/n sgn(w) - η/m Σ_x ∂C_x/∂w, equation (97); ``constant`` is ηλ/n."""
    less: Array = sign(weights)
    multiply(less, constant, less)
    add(less, scaled_sum, less)
    return subtract(weights, less, out)


@twin(pure_momentum.l2_gradient, mean="nabla_sum m", decay="lmbda n")
def l2_gradient(weights: Array, mean: Array, decay: Array, out: Optional[Array] = None) -> Array:
    """Return ∂C/∂w = ∂C_0/∂w + λ/n w, (88), or η times it if ``mean`` and ``decay`` are."""
    return add(mean, multiply(weights, decay), out)


@twin(pure_momentum.l1_gradient, mean="nabla_sum m", decay="lmbda n")
def l1_gradient(weights: Array, mean: Array, decay: Array, out: Optional[Array] = None) -> Array:
    """Return ∂C/∂w = ∂C_0/∂w + λ/n sgn(w), (96), or η times it if ``mean`` and ``decay`` are."""
    signs: Array = sign(weights)
    return add(mean, multiply(signs, decay, signs), out)


@twin(pure_momentum.updated_velocity, scaled_sum="nabla_sum eta m")
def updated_velocity(
    velocity: Array, scaled_sum: Array, mu: Array, out: Optional[Array] = None
) -> Array:
    """Return v' = μ v - η/m Σ_x ∂C_x/∂w, equation (107), of any number of weights and biases."""
    updated: Array = multiply(velocity, mu, out)
    return subtract(updated, scaled_sum, updated)


@twin(pure_momentum.moved_weights)
def moved_weights(weights: Array, velocity: Array, out: Optional[Array] = None) -> Array:
    """Return w' = w + v', equation (108), of any number of weights and biases."""
    return add(weights, velocity, out)


@twin(pure_momentum.weights_ahead)
def weights_ahead(weights: Array, velocity: Array, mu: Array, out: Optional[Array] = None) -> Array:
    """Return w + μ v, where Nesterov's gradient is taken."""
    return add(weights, multiply(velocity, mu), out)


def shrinking(eta: float, lmbda: float, n: int) -> float:
    """Return 1 - ηλ/n, the factor of every weight in (93)."""
    return 1.0 - eta * lmbda / n


def constantly(eta: float, lmbda: float, n: int) -> float:
    """Return ηλ/n, the distance that (97) moves every weight towards 0."""
    return eta * lmbda / n
