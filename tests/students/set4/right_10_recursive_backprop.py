# right: recursion over the layers, forwards on the way in and backwards on the way out
from math import exp


def sigma(z):
    if z < 0:
        return 1 - sigma(-z)
    return 1 / (1 + exp(-z))


def dot(u, v):
    return 0 if len(u) == 0 else u[0] * v[0] + dot(u[1:], v[1:])


def feedforward(biases, weights, x):
    if len(weights) == 0:
        return x
    a = [sigma(dot(row, x) + b) for row, b in zip(weights[0], biases[0])]
    return feedforward(biases[1:], weights[1:], a)


def go(biases, weights, a_in, y):
    """The slopes of the cost in a_in, and the nablas from here to the end."""
    if len(weights) == 0:
        return [a - t for a, t in zip(a_in, y)], [], []
    w, b = weights[0], biases[0]
    z = [dot(row, a_in) + bj for row, bj in zip(w, b)]
    a = [sigma(zj) for zj in z]
    slopes, later_b, later_w = go(biases[1:], weights[1:], a, y)
    delta = [s * sigma(zj) * (1 - sigma(zj)) for s, zj in zip(slopes, z)]
    slopes_in = [dot(column, delta) for column in zip(*w)]
    nabla_w = [[d * ak for ak in a_in] for d in delta]
    return slopes_in, [delta] + later_b, [nabla_w] + later_w


def backprop(biases, weights, x, y):
    _, nabla_b, nabla_w = go(biases, weights, x, y)
    return nabla_b, nabla_w
