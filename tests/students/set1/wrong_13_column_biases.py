# mistake: The biases are made a column and the product is one-dimensional, so that broadcasting makes an n × n table, both should have the same shape.
# fails: weighted-input
import numpy as np


def weighted_input(weights, activations, biases):
    w = np.array(weights, dtype=float)
    a = np.array(activations, dtype=float).flatten()
    b = np.array(biases, dtype=float).reshape(-1, 1)
    z = w @ a + b
    return z


def activations(weighted_inputs):
    z = np.array(weighted_inputs, dtype=float)
    return np.exp(-np.logaddexp(0, -z))
