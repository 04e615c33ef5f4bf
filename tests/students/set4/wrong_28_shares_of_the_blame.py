# mistake: the weights are turned into shares of the blame by dividing each row by its sum; they should be used as they are.
# fails: bp2
import numpy as np


def slope(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def hidden_error(next_weights, next_error, weighted_inputs):
    """Split each error among the neurons that caused it, by weight."""
    w = np.array(next_weights, dtype=float)
    delta = np.array(next_error, dtype=float)
    shares = w / w.sum(axis=1, keepdims=True)
    blame = shares.T.dot(delta)
    return blame * slope(np.array(weighted_inputs, dtype=float))
