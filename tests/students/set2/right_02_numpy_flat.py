# right: NumPy, one-dimensional, one small line each
import numpy as np


def _f(u):
    return np.asarray(u, dtype=float)


def sigmoid(z):
    z = _f(z)
    small = np.exp(-np.abs(z))
    return np.where(z < 0, small, 1.0) / (1.0 + small)


def sigmoid_prime(z):
    return sigmoid(z) * sigmoid(-_f(z))


def weighted_input(weights, activations, biases):
    return _f(weights) @ _f(activations) + _f(biases)


def activations(weighted_inputs):
    return sigmoid(weighted_inputs)


def feedforward(biases, weights, x):
    a = _f(x)
    for b, w in zip(biases, weights):
        a = sigmoid(weighted_input(w, a, b))
    return a


def cost(outputs, desired):
    return 0.5 * np.sum((_f(desired) - _f(outputs)) ** 2)


def cost_derivative(outputs, desired):
    return np.subtract(_f(outputs), _f(desired))


def hadamard(s, t):
    return np.multiply(_f(s), _f(t))


def output_error(cost_derivative, weighted_inputs):
    return _f(cost_derivative) * sigmoid_prime(weighted_inputs)


def hidden_error(next_weights, next_error, weighted_inputs):
    return (_f(next_error) @ _f(next_weights)) * sigmoid_prime(weighted_inputs)


def bias_gradient(error):
    return _f(error).copy()


def weight_gradient(activations, error):
    return np.einsum("j,k->jk", _f(error), _f(activations))
