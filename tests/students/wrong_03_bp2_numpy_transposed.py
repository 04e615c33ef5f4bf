# mistake: transposed
# fails: bp2
import numpy as np


def sigma(z):
    return 1.0 / (1.0 + np.exp(-z))


def hidden_error(W, delta, z):
    s = sigma(z)
    return np.dot(W, delta) * s * (1 - s)
