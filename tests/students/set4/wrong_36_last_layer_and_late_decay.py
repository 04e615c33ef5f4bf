# mistake: l2_cost sets its sum to 0 in each layer and so counts only the last, it should be set once before; l2_update shrinks after the gradient step and shrinks that too, only w should be shrunk.
# fails: l2-cost l2-update
import numpy as np


def l2_cost(cost, weights, lmbda, n):
    for w in weights:
        squares = 0.0
        for row in w:
            for weight in row:
                squares += weight * weight
    return cost + lmbda / (2 * n) * squares


def l2_update(weights, nabla_sum, eta, m, lmbda, n):
    w = np.array(weights, dtype=float)
    w = w - eta / m * np.array(nabla_sum, dtype=float)
    w = w * (1 - eta * lmbda / n)      # weight decay
    return w
