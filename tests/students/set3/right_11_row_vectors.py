# right: NumPy with row vectors (1, n) inside, flat arrays outside
import numpy as np


def row(v):
    return np.asarray(v, dtype=float).reshape(1, -1)


def sigma(z):
    return np.exp(-np.logaddexp(0, -z))


def sigma_slope(z):
    return sigma(z) * sigma(-z)


def weighted_input(weights, activations, biases):
    w = np.asarray(weights, dtype=float)
    return (row(activations) @ w.T + row(biases)).ravel()


def output_error(cost_derivative, weighted_inputs):
    return (row(cost_derivative) * sigma_slope(row(weighted_inputs))).ravel()


def hidden_error(next_weights, next_error, weighted_inputs):
    back = row(next_error) @ np.asarray(next_weights, dtype=float)
    return (back * sigma_slope(row(weighted_inputs))).ravel()


def bias_gradient(error):
    return row(error).ravel()


def weight_gradient(activations, error):
    return row(error).T @ row(activations)


def backprop(biases, weights, x, y):
    a, zs = [row(x)], []
    for b, w in zip(biases, weights):
        zs.append(row(weighted_input(w, a[-1], b)))
        a.append(sigma(zs[-1]))
    delta = output_error(a[-1] - row(y), zs[-1])
    nabla_b, nabla_w = [], []
    for i in reversed(range(len(weights))):
        nabla_b.insert(0, bias_gradient(delta))
        nabla_w.insert(0, weight_gradient(a[i], delta))
        if i > 0:
            delta = hidden_error(weights[i], delta, zs[i - 1])
    return nabla_b, nabla_w
