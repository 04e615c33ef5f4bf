# mistake: A column plus a flat bias vector broadcasts to a square, whose first column has the first bias in every row; each neuron should get its own bias.
# fails: weighted-input
import numpy as np


def weighted_input(weights, activations, biases):
    W = np.asarray(weights, dtype=float)
    a = np.asarray(activations, dtype=float).reshape(-1, 1)
    b = np.asarray(biases, dtype=float).flatten()
    z = W.dot(a) + b
    return z[:, 0]
