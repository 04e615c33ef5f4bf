# right: dictionaries keyed by the book's layer numbers, from 1 to L
from math import exp


def _sigma(z):
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (exp(z) + 1)


def backprop(biases, weights, x, y):
    L = len(weights) + 1
    w = {l: weights[l - 2] for l in range(2, L + 1)}
    b = {l: biases[l - 2] for l in range(2, L + 1)}
    z, a, delta = {}, {1: x}, {}

    for l in range(2, L + 1):
        z[l] = {
            j: sum(w[l][j][k] * a[l - 1][k] for k in range(len(a[l - 1]))) + b[l][j]
            for j in range(len(b[l]))
        }
        a[l] = {j: _sigma(z[l][j]) for j in z[l]}

    delta[L] = {j: (a[L][j] - y[j]) * _sigma(z[L][j]) * _sigma(-z[L][j]) for j in z[L]}
    for l in range(L - 1, 1, -1):
        delta[l] = {
            j: sum(w[l + 1][k][j] * delta[l + 1][k] for k in delta[l + 1])
            * _sigma(z[l][j]) * _sigma(-z[l][j])
            for j in z[l]
        }

    nabla_b = [[delta[l][j] for j in z[l]] for l in range(2, L + 1)]
    nabla_w = [
        [[a[l - 1][k] * delta[l][j] for k in range(len(a[l - 1]))] for j in z[l]]
        for l in range(2, L + 1)
    ]
    return nabla_b, nabla_w
