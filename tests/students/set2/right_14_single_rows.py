# right: np.float32 again, with activations as row vectors (1, n)
import numpy as np


def row(values):
    return np.asarray(values, dtype=np.float32).reshape(1, -1)


def matrix(values):
    return np.asarray(values, dtype=np.float32)


def squash(z):
    return np.exp(-np.logaddexp(np.float32(0), -z))


def feedforward(biases, weights, x):
    a = row(x)
    for b, w in zip(biases, weights):
        a = squash(a @ matrix(w).T + row(b))
    return a[0]


def hidden_error(next_weights, next_error, weighted_inputs):
    z = row(weighted_inputs)
    delta = (row(next_error) @ matrix(next_weights)) * squash(z) * squash(-z)
    return delta[0]


def weight_gradient(activations, error):
    return row(error).T @ row(activations)


def hadamard(s, t):
    return (row(s) * row(t)).ravel()
