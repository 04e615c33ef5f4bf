# mistake: The return stands inside the loop, so only the first layer is computed; it should stand after the loop.
# fails: feedforward
import numpy as np


def squash(z):
    t = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + t), t / (1 + t))


def feedforward(biases, weights, x):
    """Return the output of the network for the input x."""
    a = np.asarray(x, dtype=float)
    for b, w in zip(biases, weights):
        z = np.asarray(w, dtype=float) @ a + np.asarray(b, dtype=float)
        a = squash(z)
        return a
