# right: NumPy for the penalties, np.sign, weights kept as separate matrices
import numpy as np


def l2_cost(cost, weights, lmbda, n):
    squares = sum(np.sum(np.square(np.asarray(w, dtype=float))) for w in weights)
    return cost + 0.5 * (lmbda / n) * squares


def l1_cost(cost, weights, lmbda, n):
    return cost + (lmbda / n) * sum(np.abs(np.asarray(w, dtype=float)).sum() for w in weights)


def l2_update(weights, nabla_sum, eta, m, lmbda, n):
    w = np.array(weights, dtype=float)
    w *= 1 - eta * (lmbda / n)
    w -= (eta / m) * np.asarray(nabla_sum, dtype=float)
    return w


def l1_update(weights, nabla_sum, eta, m, lmbda, n):
    w = np.array(weights, dtype=float)
    pull = eta * lmbda / n * np.sign(w)
    push = eta / m * np.asarray(nabla_sum, dtype=float)
    return w - pull - push
