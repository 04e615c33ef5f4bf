"""Exercise: the four equations of backpropagation, and backpropagation itself (chapter 2).

Every `...` is a blank to fill in; begin at the top. Then check your work:

    tinynn grade exercise_backprop.py

`tinynn claims bp2` tells more about one of the claims. A vector is a list of numbers, a matrix a
list of rows: `w[j][k]` is the weight to neuron j from neuron k of the layer before.
"""

import math


def sigmoid(z):
    """Return σ(z) = 1 / (1 + e^(-z)), equation (3)."""
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def sigmoid_prime(z):
    """Return the slope σ'(z) of σ at z."""
    a = sigmoid(z)
    return ...


def weighted_input(weights, activations, biases):
    """Return z_j = Σ_k w_jk a_k + b_j for every neuron j of a layer."""
    z = []
    for j in range(len(biases)):
        total = biases[j]
        for k in range(len(activations)):
            total = total + ...
        z.append(total)
    return z


def cost_derivative(outputs, desired):
    """Return ∂C/∂a_j for every output neuron j, where C = 1/2 Σ_j (y_j - a_j)²."""
    return [... for a, y in zip(outputs, desired)]


def output_error(cost_derivative, weighted_inputs):
    """Return δ^L, the error of the output layer: (BP1)."""
    delta = []
    for j in range(len(weighted_inputs)):
        delta.append(...)
    return delta


def hidden_error(next_weights, next_error, weighted_inputs):
    """Return δ^l, from the weights and the error of the layer after it: (BP2)."""
    delta = []
    for j in range(len(weighted_inputs)):
        total = 0
        for k in range(len(next_error)):
            total = total + ...  # the error of neuron k, back through the weight to k from j
        delta.append(...)
    return delta


def bias_gradient(error):
    """Return ∂C/∂b of a layer: (BP3)."""
    return ...


def weight_gradient(activations, error):
    """Return ∂C/∂w of a layer, from the activations of the layer before and the error: (BP4)."""
    gradient = []
    for j in range(len(error)):
        gradient.append([... for k in range(len(activations))])
    return gradient


def backprop(biases, weights, x, y):
    """Return (nabla_b, nabla_w): ∂C/∂b and ∂C/∂w for every layer, the first entry of layer 2."""
    activations = [x]
    weighted_inputs = []
    for b, w in zip(biases, weights):
        z = weighted_input(w, activations[-1], b)
        weighted_inputs.append(z)
        activations.append([sigmoid(each) for each in z])
    nabla_b = []
    nabla_w = []
    delta = output_error(cost_derivative(activations[-1], y), weighted_inputs[-1])
    for l in reversed(range(len(weights))):
        nabla_b.insert(0, bias_gradient(delta))
        nabla_w.insert(0, weight_gradient(..., delta))  # the activations of which layer?
        if l > 0:
            delta = hidden_error(..., delta, weighted_inputs[l - 1])  # which weights?
    return nabla_b, nabla_w


if __name__ == "__main__":
    print("a network of 2-1 neurons, x = (1, 0), y = (1):")
    try:
        nabla_b, nabla_w = backprop([[0.0]], [[[1.0, -1.0]]], [1.0, 0.0], [1.0])
        print(f"the slopes in its bias: {nabla_b}")
        print(f"the slopes in its weights: {nabla_w}")
    except TypeError:
        print("backpropagation still has blanks;")
        print("fill them in from the top, and run this file again")
