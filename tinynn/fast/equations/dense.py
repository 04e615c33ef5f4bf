"""The six equations over a whole mini-batch: the matrix form of the loops.

An example is a column. J counts the neurons of layer l, K those of the layer before, m the
examples of the mini-batch, so a mini-batch of activations is K×m. BP3 and BP4 return sums over
the mini-batch, for equations (20) and (21).

Each function checks its shapes, unless the caller passes an ``out`` array to write into, as the
training loop does. The loops compute σ'(z^l) neuron by neuron; the twins take it as an argument,
computed for all layers at once.
"""

from __future__ import annotations

from typing import Optional

from numpy import add, dot, multiply

from tinynn.equations import dense as pure
from tinynn.errors import ShapeError
from tinynn.fast.equations.activations import FAST_ACTIVATIONS, Array, FastActivation
from tinynn.notation import twin

SIGMOID = FAST_ACTIVATIONS["sigmoid"]
_SLOPE = "weighted_inputs function"  # the parameters that sigma_prime, σ'(z), replaces


@twin(pure.weighted_input)
def weighted_input(
    weights: Array, activations: Array, biases: Array, out: Optional[Array] = None
) -> Array:
    """Return z^l = w^l a^{l-1} + b^l for each example: J×K, K×m, J×1 to J×m."""
    if out is None:
        _require(weights, activations, (weights.shape[1], activations.shape[-1]))
        _require(weights, biases, (weights.shape[0], 1))
    z = dot(weights, activations, out)  # (J, K) (K, m) -> (J, m)
    return add(z, biases, z)  # (J, m) + (J, 1), one bias per row


@twin(pure.activation)
def activation(
    weighted_inputs: Array, function: FastActivation = SIGMOID, out: Optional[Array] = None
) -> Array:
    """Return a^l = σ(z^l) for each example: J×m to J×m."""
    return function.value(weighted_inputs, out)  # (J, m)


@twin(pure.output_error, sigma_prime=_SLOPE)
def output_error(cost_derivative: Array, sigma_prime: Array, out: Optional[Array] = None) -> Array:
    """Return δ^L = ∂C/∂a^L ⊙ σ'(z^L), equation (BP1): J×m, J×m to J×m."""
    if out is None:
        _require(sigma_prime, cost_derivative, sigma_prime.shape)
    return multiply(cost_derivative, sigma_prime, out)  # (J, m) ⊙ (J, m)


@twin(pure.hidden_error, sigma_prime=_SLOPE)
def hidden_error(
    next_weights: Array, next_error: Array, sigma_prime: Array, out: Optional[Array] = None
) -> Array:
    """Return δ^l = (w^{l+1})ᵀ δ^{l+1} ⊙ σ'(z^l), equation (BP2): K×J, K×m, J×m to J×m."""
    if out is None:
        _require(next_weights, next_error, (next_weights.shape[0], next_error.shape[-1]))
        _require(next_error, sigma_prime, (next_weights.shape[1], next_error.shape[-1]))
    delta = dot(next_weights.T, next_error, out)  # (J, K) (K, m) -> (J, m)
    return multiply(delta, sigma_prime, delta)  # (J, m) ⊙ (J, m)


@twin(pure.bias_gradient, ones="sums")
def bias_gradient(error: Array, ones: Array, out: Optional[Array] = None) -> Array:
    """Return Σ_x ∂C_x/∂b^l = Σ_x δ^l, equation (BP3): J×m and m ones to J."""
    if out is None:
        _require(error, ones, (error.shape[-1],))
    return dot(error, ones, out)  # (J, m) (m,) -> (J,)


@twin(pure.weight_gradient)
def weight_gradient(activations: Array, error: Array, out: Optional[Array] = None) -> Array:
    """Return Σ_x ∂C_x/∂w^l = δ^l (a^{l-1})ᵀ, equation (BP4): K×m, J×m to J×K."""
    if out is None:
        _require(activations, error, (error.shape[0], activations.shape[-1]))
    return dot(error, activations.T, out)  # (J, m) (m, K) -> (J, K)


def _require(beside: Array, array: Array, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ShapeError(f"expected {shape} to fit {beside.shape}, got {array.shape}")
