"""The six equations of a neural network: two forward, and the four of backpropagation.

Throughout, l is the layer, j a neuron of layer l, k a neuron of the layer before (forward, BP4)
or after (BP2), and w_jk the weight to j from k. Each function checks its shapes, takes the bare
lists out of its arguments, and loops. It changes no argument, except that BP3 and BP4 add to the
sums of a mini-batch.
"""

from __future__ import annotations

from typing import Optional

from tinynn.activations import SIGMOID, Activation
from tinynn.linalg import Matrix, Vector, require_matrix, require_vector
from tinynn.notation import equation, named


@equation("z", "z^l_j = Σ_k w^l_jk a^{l-1}_k + b^l_j", w="w^l", a="a^{l-1}", b="b^l", z="z^l")
def weighted_input(weights: Matrix, activations: Vector, biases: Vector) -> Vector:
    """Return the weighted inputs z^l = w^l a^{l-1} + b^l of a layer: the inner half of (23).

    Shapes: weights J×K, activations K (layer l-1), biases J; the result J (layer l).

    >>> weighted_input(Matrix([[1, 2], [3, 4]]), Vector([1, 0.5]), Vector([0, -1]))
    Vector([2.0, 4.0])
    """
    require_matrix("weights", weights)
    require_vector("activations", activations, weights.shape[1])
    require_vector("biases", biases, weights.shape[0])
    w = weights.rows
    a = activations.entries
    b = biases.entries
    z = [0.0] * len(b)
    for j in range(len(b)):
        total = 0.0
        for k in range(len(a)):
            total += w[j][k] * a[k]
        z[j] = total + b[j]
    return Vector.wrap(z)


@equation("a", "a^l_j = σ(z^l_j)", a="a^l", z="z^l")
def activation(weighted_inputs: Vector, function: Activation = SIGMOID) -> Vector:
    """Return the activations a^l = σ(z^l) of a layer: the outer half of (23).

    >>> activation(Vector([0.0, 1000.0]))
    Vector([0.5, 1.0])
    """
    require_vector("weighted_inputs", weighted_inputs)
    sigma = function.value
    z = weighted_inputs.entries
    a = [0.0] * len(z)
    for j in range(len(z)):
        a[j] = sigma(z[j])
    return Vector.wrap(a)


@equation("BP1", "δ^L_j = ∂C/∂a^L_j σ'(z^L_j)", delta="δ^L", nabla_a="∂C/∂a^L", z="z^L")
@equation("BP1a", "δ^L = ∇_a C ⊙ σ'(z^L)")
def output_error(
    cost_derivative: Vector, weighted_inputs: Vector, function: Activation = SIGMOID
) -> Vector:
    """Return the error δ^L of the output layer, from ∂C/∂a^L and z^L, equation (BP1).

    >>> output_error(Vector([-0.5, 1.0]), Vector([0.0, 0.0]))
    Vector([-0.125, 0.25])
    """
    require_vector("weighted_inputs", weighted_inputs)
    require_vector("cost_derivative", cost_derivative, len(weighted_inputs))
    sigma_prime = function.derivative
    nabla_a = cost_derivative.entries
    z = weighted_inputs.entries
    delta = [0.0] * len(z)
    for j in range(len(z)):
        delta[j] = nabla_a[j] * sigma_prime(z[j])
    return Vector.wrap(delta)


@equation("BP2", "δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)", delta="δ^l", z="z^l")
@named(w="w^{l+1}", delta_next="δ^{l+1}")
def hidden_error(
    next_weights: Matrix,
    next_error: Vector,
    weighted_inputs: Vector,
    function: Activation = SIGMOID,
) -> Vector:
    """Return the error δ^l of a hidden layer, from w^{l+1}, δ^{l+1} and z^l, equation (BP2).

    The sum runs over the neurons k of layer l+1, so the weight to k from j is w_kj.
    Shapes: next_weights K×J, next_error K, weighted_inputs J; the result J.

    >>> hidden_error(Matrix([[1, 2], [3, 4]]), Vector([0.5, 1.0]), Vector([0.0, 0.0]))
    Vector([0.875, 1.25])
    """
    require_matrix("next_weights", next_weights)
    require_vector("next_error", next_error, next_weights.shape[0])
    require_vector("weighted_inputs", weighted_inputs, next_weights.shape[1])
    sigma_prime = function.derivative
    w = next_weights.rows
    delta_next = next_error.entries
    z = weighted_inputs.entries
    delta = [0.0] * len(z)
    for j in range(len(z)):
        total = 0.0
        for k in range(len(delta_next)):
            total += w[k][j] * delta_next[k]
        delta[j] = total * sigma_prime(z[j])
    return Vector.wrap(delta)


@equation("BP3", "∂C/∂b^l_j = δ^l_j", nabla_b="∂C/∂b^l", delta="δ^l")
@equation("31", "∂C/∂b = δ")
def bias_gradient(error: Vector, sums: Optional[Vector] = None) -> Vector:
    """Return ∂C/∂b^l, which is the error δ^l itself, equation (BP3).

    With ``sums``, those of a mini-batch, add the gradient to them and return them.

    >>> sums = bias_gradient(Vector([-0.125, 0.25]))
    >>> sums
    Vector([-0.125, 0.25])
    >>> bias_gradient(Vector([1, 1]), sums)
    Vector([0.875, 1.25])
    """
    require_vector("error", error)
    if sums is None:
        sums = Vector.zeros(len(error))
    require_vector("sums", sums, len(error))
    delta = error.entries
    nabla_b = sums.entries
    for j in range(len(delta)):
        nabla_b[j] += delta[j]
    return sums


@equation("BP4", "∂C/∂w^l_jk = a^{l-1}_k δ^l_j", nabla_w="∂C/∂w^l", a="a^{l-1}", delta="δ^l")
@equation("32", "∂C/∂w = a_in δ_out")
def weight_gradient(activations: Vector, error: Vector, sums: Optional[Matrix] = None) -> Matrix:
    """Return ∂C/∂w^l, from a^{l-1} and δ^l, equation (BP4).

    Shapes: activations K (layer l-1), error J (layer l); the result J×K. With ``sums``, those of
    a mini-batch, add the gradient to them and return them.

    >>> sums = weight_gradient(Vector([1, 2, 3]), Vector([0.5, -1.0]))
    >>> sums
    Matrix([[0.5, 1.0, 1.5], [-1.0, -2.0, -3.0]])
    >>> weight_gradient(Vector([1, 0, 1]), Vector([1, 0]), sums)
    Matrix([[1.5, 1.0, 2.5], [-1.0, -2.0, -3.0]])
    """
    require_vector("activations", activations)
    require_vector("error", error)
    if sums is None:
        sums = Matrix.zeros(len(error), len(activations))
    require_matrix("sums", sums, len(error), len(activations))
    a = activations.entries
    delta = error.entries
    nabla_w = sums.rows
    for j in range(len(delta)):
        for k in range(len(a)):
            nabla_w[j][k] += a[k] * delta[j]
    return sums
