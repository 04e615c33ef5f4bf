"""Why the gradient is unstable: in a deep network it is a product with factors for each layer.

The chain is a network with one neuron per layer: z_j = w_j a_{j-1} + b_j and a_j = σ(z_j) for
j = 1 … L, from an input a_0. Its cost depends only on a_L.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt

from tinynn.activations import SIGMOID, Activation
from tinynn.errors import ShapeError, describe
from tinynn.linalg import Matrix, Vector, finite_float, require_matrix, require_vector
from tinynn.notation import equation, named


@equation("122", "∂C/∂b_1 = σ'(z_1) · w_2 σ'(z_2) · … · w_L σ'(z_L) · ∂C/∂a_L", w="w", z="z")
def chain_factors(
    weights: Vector, weighted_inputs: Vector, function: Activation = SIGMOID
) -> Vector:
    """Return the factors σ'(z_1), w_2 σ'(z_2) … w_L σ'(z_L) of ∂C/∂b_1 in a chain, (122).

    ``weights`` are w_1 … w_L; w_1 is not a factor. As |σ'| ≤ 1/4, a factor |w σ'(z)| is below 1
    if |w| < 4.

    >>> chain_factors(Vector([9, 2, 100]), Vector([0, 0, 0]))
    Vector([0.25, 0.5, 25.0])
    """
    require_vector("weights", weights)
    require_vector("weighted_inputs", weighted_inputs, len(weights))
    sigma_prime = function.derivative
    w = weights.entries
    z = weighted_inputs.entries
    factors = [0.0] * len(z)
    factors[0] = sigma_prime(z[0])
    for j in range(1, len(z)):
        factors[j] = w[j] * sigma_prime(z[j])
    return Vector.wrap(factors)


@equation("121", "∂C/∂b_1 = σ'(z_1) w_2 σ'(z_2) … w_L σ'(z_L) ∂C/∂a_L", w="w", z="z")
@named(cost_derivative="∂C/∂a_L", nabla_b="∂C/∂b_1")
def chain_gradient(
    weights: Vector,
    weighted_inputs: Vector,
    cost_derivative: float,
    function: Activation = SIGMOID,
) -> float:
    """Return ∂C/∂b_1 of a chain: the product of its factors and ∂C/∂a_L, equation (121).

    For the part of the chain from neuron j on, it is ∂C/∂b_j.

    >>> chain_gradient(Vector([9, 2, 100]), Vector([0, 0, 0]), 0.5)
    1.5625
    """
    require_vector("weights", weights)
    require_vector("weighted_inputs", weighted_inputs, len(weights))
    sigma_prime = function.derivative
    w = weights.entries
    z = weighted_inputs.entries
    finite_float(cost_derivative, "cost_derivative")
    nabla_b = sigma_prime(z[0])
    for j in range(1, len(z)):
        nabla_b = nabla_b * w[j] * sigma_prime(z[j])
    return nabla_b * cost_derivative


@equation("120", "ΔC ≈ σ'(z_1) w_2 σ'(z_2) … σ'(z_L) ∂C/∂a_L Δb_1", w="w", z="z")
@named(delta_z="Δz", delta_a="Δa", cost_derivative="∂C/∂a_L", bias_change="Δb_1")
@equation("119", "Δz_2 ≈ σ'(z_1) w_2 Δb_1")
@equation("118", "Δz_2 ≈ w_2 Δa_1")
@equation("116", "Δa_1 ≈ σ'(z_1) Δb_1")
def chain_change(
    weights: Vector,
    weighted_inputs: Vector,
    cost_derivative: float,
    bias_change: float,
    function: Activation = SIGMOID,
) -> float:
    """Return the linear estimate of how much a small Δb_1 changes C, neuron by neuron: (120).

    Δz_1 = Δb_1 changes a_1 by σ'(z_1) Δz_1 (116). This changes z_2 by w_2 Δa_1 (118), which is
    σ'(z_1) w_2 Δb_1 (119), and so on up to a_L.

    >>> chain_change(Vector([9, 2, 100]), Vector([0, 0, 0]), 0.5, 0.01)
    0.015625
    """
    require_vector("weights", weights)
    require_vector("weighted_inputs", weighted_inputs, len(weights))
    sigma_prime = function.derivative
    w = weights.entries
    z = weighted_inputs.entries
    finite_float(cost_derivative, "cost_derivative")
    finite_float(bias_change, "bias_change")
    delta_a = sigma_prime(z[0]) * bias_change
    for j in range(1, len(z)):
        delta_z = w[j] * delta_a
        delta_a = sigma_prime(z[j]) * delta_z
    return cost_derivative * delta_a


@equation("123", "2/|w| ln(|w| (1 + √(1 - 4/|w|)) / 2 - 1)", weight="w", size="|w|")
@named(widest="r")
def window_width(weight: float) -> float:
    """Return the width of the interval of inputs a with |w σ'(w a + b)| ≥ 1, (123).

    With r = e^|z|, σ'(z) = r/(1 + r)², so |w| σ'(z) ≥ 1 where r² - (|w| - 2) r + 1 ≤ 0: up to the
    larger root r = |w| (1 + √(1 - 4/|w|))/2 - 1. There |z| ≤ ln r, and z = w a + b crosses this
    interval while a moves by 2 ln r / |w|; b only shifts it. If |w| < 4 there is no such a, and
    the width is 0. The largest width is 0.4477, at |w| = 6.894.

    >>> [round(window_width(weight), 4) for weight in (-6.894, 100, 4, 1)]
    [0.4477, 0.0917, 0.0, 0.0]
    """
    finite_float(weight, "weight")
    size = abs(weight)
    if size < 4.0:
        return 0.0
    widest = size * (0.5 + 0.5 * sqrt(1.0 - 4.0 / size)) - 1.0
    return 2.0 / size * log(widest)


@equation("124", "δ^l = Σ'(z^l) (w^{l+1})ᵀ Σ'(z^{l+1}) … (w^L)ᵀ Σ'(z^L) ∇_a C", w="w", z="z")
@named(product="M", so_far="M", delta="δ^l", nabla_a="∂C/∂a^L")
def error_through_layers(
    weights: Sequence[Matrix],
    weighted_inputs: Sequence[Vector],
    cost_derivative: Vector,
    function: Activation = SIGMOID,
) -> Vector:
    """Return the error δ^l as one product of matrices with ∇_a C, equation (124).

    ``weights`` are w^{l+1} … w^L, ``weighted_inputs`` are z^l … z^L. Σ'(z) has σ'(z_j) on its
    diagonal and zeros elsewhere. (BP1) and (BP2) compute the same error layer by layer.

    >>> z = [Vector([0, 0]), Vector([0])]
    >>> error_through_layers([Matrix([[2, 4]])], z, Vector([1]))
    Vector([0.125, 0.25])
    """
    _require_layers(weights, weighted_inputs, cost_derivative)
    sigma_prime = function.derivative
    nabla_a = cost_derivative.entries
    z = weighted_inputs[0].entries
    product = Matrix.zeros(len(z), len(z)).rows
    for j in range(len(z)):
        product[j][j] = sigma_prime(z[j])
    for i in range(len(weights)):
        w = weights[i].rows
        z = weighted_inputs[i + 1].entries
        so_far = product
        product = Matrix.zeros(len(so_far), len(z)).rows
        for j in range(len(so_far)):
            for k in range(len(z)):
                total = 0.0
                for m in range(len(so_far[j])):
                    total += so_far[j][m] * w[k][m]
                product[j][k] = total * sigma_prime(z[k])
    delta = [0.0] * len(product)
    for j in range(len(product)):
        total = 0.0
        for k in range(len(nabla_a)):
            total += product[j][k] * nabla_a[k]
        delta[j] = total
    return Vector.wrap(delta)


def _require_layers(
    weights: Sequence[Matrix], weighted_inputs: Sequence[Vector], cost_derivative: Vector
) -> None:
    """Raise ShapeError unless each layer has a z, and neighbouring layers have weights that fit."""
    for name, layers in (("weights", weights), ("weighted_inputs", weighted_inputs)):
        if not isinstance(layers, (list, tuple)):
            expected = f"expected a list with an entry for each layer, got {describe(layers)}"
            raise ShapeError(f"{name}: {expected}")
    if len(weighted_inputs) != len(weights) + 1:
        given = f"{len(weighted_inputs)} and {len(weights)}"
        expected = "expected one more Vector than Matrices"
        raise ShapeError(f"weighted_inputs and weights: {expected}, got {given}")
    for i, z in enumerate(weighted_inputs):
        require_vector(f"weighted_inputs[{i}]", z)
    for i, w in enumerate(weights):
        shape = len(weighted_inputs[i + 1]), len(weighted_inputs[i])
        require_matrix(f"weights[{i}]", w, *shape)
    require_vector("cost_derivative", cost_derivative, len(weighted_inputs[-1]))
