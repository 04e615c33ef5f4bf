# right: NumPy with row vectors (1, n) inside, plain vectors outside
import numpy as np


def row(values):
    return np.array(values, dtype=float).reshape(1, -1)


def logistic(z):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


def weighted_input(weights, activations, biases):
    z = row(activations) @ np.array(weights, dtype=float).T + row(biases)
    return z[0]


def feedforward(biases, weights, x):
    a = row(x)
    for b, w in zip(biases, weights):
        a = logistic(a @ np.array(w, dtype=float).T + row(b))
    return a.ravel()


def output_error(cost_derivative, weighted_inputs):
    s = logistic(row(weighted_inputs))
    return (row(cost_derivative) * s * (1 - s)).ravel()


def hidden_error(next_weights, next_error, weighted_inputs):
    s = logistic(row(weighted_inputs))
    back = row(next_error) @ np.array(next_weights, dtype=float)
    return (back * s * (1 - s)).ravel()


def weight_gradient(activations, error):
    return row(error).T @ row(activations)
