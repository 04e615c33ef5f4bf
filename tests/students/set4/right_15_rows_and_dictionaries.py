# right: row vectors (1, n) inside, dictionaries by layer number, NumPy
import numpy as np


def row(values):
    return np.array(values, dtype=float).reshape(1, -1)


def sigma(z):
    t = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + t), t / (1 + t))


def forwards(biases, weights, x):
    """z and a by the number of the layer, the input being layer 1."""
    a = {1: row(x)}
    z = {}
    for layer, (b, w) in enumerate(zip(biases, weights), start=2):
        # a row times the transposed weights is a row again
        z[layer] = a[layer - 1] @ np.array(w, dtype=float).T + row(b)
        a[layer] = sigma(z[layer])
    return z, a


def feedforward(biases, weights, x):
    _, a = forwards(biases, weights, x)
    return a[max(a)].ravel()


def backprop(biases, weights, x, y):
    z, a = forwards(biases, weights, x)
    last = max(a)
    slope = {layer: sigma(z[layer]) * sigma(-z[layer]) for layer in z}
    delta = {last: (a[last] - row(y)) * slope[last]}
    for layer in range(last - 1, 1, -1):
        w_next = np.array(weights[layer - 1], dtype=float)
        delta[layer] = (delta[layer + 1] @ w_next) * slope[layer]
    nabla_b = [delta[layer].ravel() for layer in sorted(delta)]
    nabla_w = [delta[layer].T @ a[layer - 1] for layer in sorted(delta)]
    return nabla_b, nabla_w
