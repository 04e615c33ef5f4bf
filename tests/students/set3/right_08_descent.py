# right: NumPy and helpers, numerical slopes and steps of descent
import numpy as np

EPSILON = 1e-5


def numerical_derivative(cost, v, eps=EPSILON):
    right, left = cost(v + eps), cost(v - eps)
    return (right - left) / (2 * eps)


def numerical_gradient(cost, v):
    v = np.array(v, dtype=float)
    gradient = np.zeros_like(v)
    for i in range(v.size):
        nudge = np.zeros_like(v)
        nudge.flat[i] = EPSILON
        gradient.flat[i] = (cost(v + nudge) - cost(v - nudge)) / (2 * EPSILON)
    return gradient


def descent_step(gradient, eta):
    return -eta * np.array(gradient, dtype=float)


def update(v, gradient, eta):
    return np.array(v, dtype=float) + descent_step(gradient, eta)


def cost_change(gradient, delta_v):
    return float(np.dot(np.ravel(gradient), np.ravel(delta_v)))
