# right: dictionaries by layer, numbered 2 to L as in the book
import math


def sigma(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def forward(biases, weights, x):
    w = {l: weights[l - 2] for l in range(2, len(weights) + 2)}
    b = {l: biases[l - 2] for l in range(2, len(biases) + 2)}
    a = {1: list(x)}
    z = {}
    for l in w:
        z[l] = [sum(wjk * ak for wjk, ak in zip(row, a[l - 1])) + bj
                for row, bj in zip(w[l], b[l])]
        a[l] = [sigma(zj) for zj in z[l]]
    return w, a, z


def feedforward(biases, weights, x):
    w, a, z = forward(biases, weights, x)
    return a[max(a)]


def backprop(biases, weights, x, y):
    w, a, z = forward(biases, weights, x)
    slope = {l: [s * (1 - s) for s in a[l]] for l in z}
    last = max(a)
    delta = {last: [(aj - yj) * sj for aj, yj, sj in zip(a[last], y, slope[last])]}
    for l in range(last - 1, 1, -1):
        delta[l] = [
            sum(w[l + 1][k][j] * delta[l + 1][k] for k in range(len(delta[l + 1]))) * slope[l][j]
            for j in range(len(slope[l]))
        ]
    nabla_b = [delta[l] for l in range(2, last + 1)]
    nabla_w = [[[ak * dj for ak in a[l - 1]] for dj in delta[l]] for l in range(2, last + 1)]
    return nabla_b, nabla_w
