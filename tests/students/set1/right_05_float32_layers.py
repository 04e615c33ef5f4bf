# right: np.float32 throughout, one-dimensional
import numpy as np

F = np.float32


def _f(values):
    return np.asarray(values, dtype=F)


def _sigma(z):
    # two branches, so that exp never gets a large argument
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1) / (F(1) + e), e / (F(1) + e)).astype(F)


def weighted_input(weights, activations, biases):
    return _f(weights) @ _f(activations) + _f(biases)


def activations(weighted_inputs):
    return _sigma(_f(weighted_inputs))


def feedforward(biases, weights, x):
    a = _f(x)
    for b, w in zip(biases, weights):
        a = activations(weighted_input(w, a, b))
    return a


def hadamard(s, t):
    return _f(s) * _f(t)


def cost_derivative(outputs, desired):
    return _f(outputs) - _f(desired)
