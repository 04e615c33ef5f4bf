# mistake: a column plus a flat row of biases broadcasts to a square, and its first column gives every neuron the first bias; each neuron should get its own.
# fails: weighted-input
import numpy as np


def weighted_input(weights, activations, biases):
    w = np.array(weights, dtype=float)
    a = np.array(activations, dtype=float).reshape(-1, 1)
    b = np.array(biases, dtype=float).ravel()
    z = w @ a + b
    return z[:, 0]
