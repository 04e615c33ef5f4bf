# mistake: The lists of results are mutable defaults that keep the layers of earlier calls, they should be new and empty in each call.
# fails: backprop
from math import exp


def sigmoid(z):
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def weighted(w, a, b):
    return [sum(x * y for x, y in zip(row, a)) + bj for row, bj in zip(w, b)]


def backprop(biases, weights, x, y, nabla_b=[], nabla_w=[]):
    zs = []
    acts = [x]
    for b, w in zip(biases, weights):
        zs.append(weighted(w, acts[-1], b))
        acts.append([sigmoid(z) for z in zs[-1]])
    delta = [(a - t) * sigmoid_prime(z) for a, t, z in zip(acts[-1], y, zs[-1])]
    for l in range(len(weights) - 1, -1, -1):
        nabla_b.insert(0, delta)
        nabla_w.insert(0, [[d * a for a in acts[l]] for d in delta])
        if l > 0:
            delta = [sum(row[k] * d for row, d in zip(weights[l], delta)) * sigmoid_prime(zs[l - 1][k])
                     for k in range(len(zs[l - 1]))]
    return nabla_b, nabla_w
