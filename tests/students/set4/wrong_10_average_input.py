# mistake: the products are averaged over the inputs; they should be added up.
# fails: weighted-input
import numpy as np


def weighted_input(weights, activations, biases):
    w = np.array(weights, dtype=float)
    a = np.array(activations, dtype=float)
    b = np.array(biases, dtype=float)
    # every row of w times a, collected over the row
    return np.mean(w * a, axis=1) + b
