# mistake: backwards
# fails: backprop
import numpy as np


def act(z):
    return 1 / (1 + np.exp(-z))


def backprop(biases, weights, x, y):
    a = [x]
    for b, w in zip(biases, weights):
        a.append(act(w @ a[-1] + b))
    delta = (a[-1] - y) * a[-1] * (1 - a[-1])
    nabla_b = []
    nabla_w = []
    for l in range(len(weights) - 1, -1, -1):
        nabla_b.append(delta)
        nabla_w.append(np.outer(delta, a[l]))
        delta = (weights[l].T @ delta) * a[l] * (1 - a[l])
    return nabla_b, nabla_w
