# right: NumPy and plain Python mixed, penalties, momentum, dropout and early stopping
import numpy as np


def l2_cost(cost, weights, lmbda, n):
    return cost + 0.5 * (lmbda / n) * sum(np.linalg.norm(w) ** 2 for w in weights)


def l1_cost(cost, weights, lmbda, n):
    return cost + (lmbda / n) * sum(np.abs(w).sum() for w in weights)


def l2_update(weights, nabla_sum, eta, m, lmbda, n):
    w, nw = np.array(weights, float), np.array(nabla_sum, float)
    return (1 - eta * (lmbda / n)) * w - (eta / m) * nw


def l1_update(weights, nabla_sum, eta, m, lmbda, n):
    w, nw = np.array(weights, float), np.array(nabla_sum, float)
    return w - eta * (lmbda / n) * np.sign(w) - (eta / m) * nw


def new_velocity(velocity, nabla_sum, eta, m, mu):
    v = np.array(velocity, float)
    v *= mu
    v -= eta / m * np.array(nabla_sum, float)
    return v


def masked(mask, activations):
    return np.array(mask) * np.array(activations)


def last_epoch(accuracies, patience):
    best, best_epoch, epoch = -1.0, 0, 0
    for accuracy in accuracies:
        epoch += 1
        if epoch == 1 or accuracy > best:
            best, best_epoch = accuracy, epoch
        elif epoch - best_epoch >= patience:
            break
    return epoch
