# mistake: the backward loop stops at len(weights) and leaves zeros for the first layer of weights; it should go to len(weights) + 1, the number of layers.
# fails: backprop
from math import exp


def s(z):
    return 1 / (1 + exp(-z)) if z >= 0 else 1 - 1 / (1 + exp(z))


def s_prime(z):
    return s(z) * (1 - s(z))


def backprop(biases, weights, x, y):
    nabla_b = [[0.0 for _ in b] for b in biases]
    nabla_w = [[[0.0 for _ in row] for row in w] for w in weights]

    acts, zs = [x], []
    for b, w in zip(biases, weights):
        z = [sum(wjk * ak for wjk, ak in zip(row, acts[-1])) + bj for row, bj in zip(w, b)]
        zs.append(z)
        acts.append([s(zj) for zj in z])

    delta = [(a - t) * s_prime(z) for a, t, z in zip(acts[-1], y, zs[-1])]
    nabla_b[-1] = delta
    nabla_w[-1] = [[d * a for a in acts[-2]] for d in delta]

    for l in range(2, len(weights)):
        w_next = weights[-l + 1]
        delta = [sum(w_next[k][j] * delta[k] for k in range(len(delta))) * s_prime(z)
                 for j, z in enumerate(zs[-l])]
        nabla_b[-l] = delta
        nabla_w[-l] = [[d * a for a in acts[-l - 1]] for d in delta]

    return nabla_b, nabla_w
