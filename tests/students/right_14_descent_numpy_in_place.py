import numpy as np


def update(v, gradient, eta):
    v -= eta * gradient
    return v


def mean_gradient(gradients):
    return np.mean(gradients, axis=0)


def update_weights(weights, nabla_sum, eta, m):
    weights -= eta / m * nabla_sum
    return weights


def update_biases(biases, nabla_sum, eta, m):
    biases -= (eta / m) * nabla_sum
    return biases


def cost(a, y):
    return 0.5 * np.linalg.norm(a - y) ** 2


def cost_derivative(a, y):
    return a - y


def mean_cost(outputs, desired):
    n = len(outputs)
    return sum(np.sum((a - y) ** 2) for a, y in zip(outputs, desired)) / (2 * n)
