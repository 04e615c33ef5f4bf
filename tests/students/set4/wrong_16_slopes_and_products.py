# mistake: cost_derivative already multiplies by a(1 - a), it should be only a - y; hadamard broadcasts a column against a row and gives a matrix, it should multiply entry by entry.
# fails: cost-slope hadamard
import numpy as np


def cost_derivative(outputs, desired):
    a = np.asarray(outputs, dtype=float)
    y = np.asarray(desired, dtype=float)
    return (a - y) * a * (1 - a)


def hadamard(s, t):
    left = np.reshape(s, (-1, 1))
    right = np.reshape(t, (1, -1))
    return left * right
