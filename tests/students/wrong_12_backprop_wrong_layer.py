# mistake: own-weights
# fails: backprop
import math


def s(z):
    return 1 / (1 + math.exp(-z))


def ds(z):
    return s(z) * (1 - s(z))


def backprop(biases, weights, x, y):
    zs, acts = [], [x]
    for b, w in zip(biases, weights):
        z = [sum(wjk * ak for wjk, ak in zip(row, acts[-1])) + bj for row, bj in zip(w, b)]
        zs.append(z)
        acts.append([s(each) for each in z])
    delta = [(a - t) * ds(z) for a, t, z in zip(acts[-1], y, zs[-1])]
    nabla_b, nabla_w = [delta], [[[a * d for a in acts[-2]] for d in delta]]
    for l in range(len(weights) - 2, -1, -1):
        w = weights[l]
        delta = [
            sum(w[k][j] * delta[k] for k in range(len(delta))) * ds(zs[l][j])
            for j in range(len(zs[l]))
        ]
        nabla_b.insert(0, delta)
        nabla_w.insert(0, [[a * d for a in acts[l]] for d in delta])
    return nabla_b, nabla_w
