# right: sigmoid by tanh, one-line functions with docstrings
from math import tanh


def sigmoid(z):
    """1 / (1 + e^-z), by the identity with tanh, which never overflows."""
    return (1 + tanh(z / 2)) / 2


def sigmoid_prime(z):
    """The slope of sigmoid at z."""
    return sigmoid(z) * sigmoid(-z)


def sigmoid_neuron(weights, inputs, bias):
    """The answer of one neuron."""
    return sigmoid(sum(map(lambda w, x: w * x, weights, inputs)) + bias)


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    """First-order change of the answer."""
    z = sum(w * x for w, x in zip(weights, inputs)) + bias
    delta_z = sum(dw * x for dw, x in zip(delta_weights, inputs)) + delta_bias
    return sigmoid_prime(z) * delta_z
