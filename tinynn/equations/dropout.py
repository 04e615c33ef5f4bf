"""Dropout: for one mini-batch some neurons are dropped, forwards and backwards.

The mask has an entry r_j for neuron j: 1 keeps it, 0 drops it. Outside training no neuron is
dropped, and r_j is the share that training keeps, 1 - p.
"""

from __future__ import annotations

from tinynn.activations import SIGMOID, Activation
from tinynn.linalg import Vector, require_vector
from tinynn.notation import equation, named


@equation("r⊙a", "a^l_j = r^l_j a^{l-1}_j", a="a^l", r="r^l", a_before="a^{l-1}")
def masked_activation(mask: Vector, activations: Vector) -> Vector:
    """Return the activations of the layer before, times the mask: (r⊙a).

    >>> masked_activation(Vector([1, 0, 0.5]), Vector([0.75, 0.75, 0.5]))
    Vector([0.75, 0.0, 0.25])
    """
    require_vector("mask", mask)
    require_vector("activations", activations, len(mask))
    r = mask.entries
    a_before = activations.entries
    a = [0.0] * len(r)
    for j in range(len(r)):
        a[j] = r[j] * a_before[j]
    return Vector.wrap(a)


@equation("r⊙δ", "δ^l_j = r^{l+1}_j δ^{l+1}_j σ'(z^l_j)", delta="δ^l", r="r^{l+1}")
@named(delta_next="δ^{l+1}", z="z^l")
def masked_error(
    mask: Vector, next_error: Vector, weighted_inputs: Vector, function: Activation = SIGMOID
) -> Vector:
    """Return the error of the layer before a dropout layer, from its error δ^{l+1}: (r⊙δ).

    A dropped neuron does not affect the outputs, so its error is 0.

    >>> masked_error(Vector([1, 0]), Vector([0.5, 0.5]), Vector([0.0, 0.0]))
    Vector([0.125, 0.0])
    """
    require_vector("mask", mask)
    require_vector("next_error", next_error, len(mask))
    require_vector("weighted_inputs", weighted_inputs, len(mask))
    sigma_prime = function.derivative
    r = mask.entries
    delta_next = next_error.entries
    z = weighted_inputs.entries
    delta = [0.0] * len(r)
    for j in range(len(r)):
        delta[j] = r[j] * delta_next[j] * sigma_prime(z[j])
    return Vector.wrap(delta)
