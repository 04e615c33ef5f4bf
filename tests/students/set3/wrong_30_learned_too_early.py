# mistake: each layer's weights are changed by their gradient before the error is sent back through them; it should go back through the weights of the forward pass.
# fails: backprop
from math import exp


def sigmoid(z):
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def backprop(biases, weights, x, y):
    L = len(weights) + 1
    w = {l: [list(row) for row in weights[l - 2]] for l in range(2, L + 1)}
    b = {l: list(biases[l - 2]) for l in range(2, L + 1)}
    a, z = {1: list(x)}, {}
    for l in range(2, L + 1):
        z[l] = [sum(w_jk * a_k for w_jk, a_k in zip(w[l][j], a[l - 1])) + b[l][j]
                for j in range(len(b[l]))]
        a[l] = [sigmoid(z_j) for z_j in z[l]]

    nabla_b, nabla_w = {}, {}
    back = [a_j - y_j for a_j, y_j in zip(a[L], y)]
    for l in range(L, 1, -1):
        delta = [back[j] * sigmoid_prime(z[l][j]) for j in range(len(back))]
        nabla_b[l] = delta
        nabla_w[l] = [[d * a_k for a_k in a[l - 1]] for d in delta]
        for j in range(len(delta)):
            for k in range(len(a[l - 1])):
                w[l][j][k] -= nabla_w[l][j][k]
        back = [sum(w[l][j][k] * delta[j] for j in range(len(delta)))
                for k in range(len(a[l - 1]))]
    return ([nabla_b[l] for l in range(2, L + 1)],
            [nabla_w[l] for l in range(2, L + 1)])
