# right: NumPy in one dimension, sigmoid as a half tanh, a helper for each layer
import numpy as np


def as_floats(values):
    return np.asarray(values, dtype=float)


def weighted_input(weights, activations, biases):
    return as_floats(weights) @ as_floats(activations) + as_floats(biases)


def activations(weighted_inputs):
    # 1 / (1 + e^-z) = (1 + tanh(z / 2)) / 2, and tanh never overflows
    return 0.5 * (1.0 + np.tanh(0.5 * as_floats(weighted_inputs)))


def feedforward(biases, weights, x):
    a = as_floats(x)
    for b, w in zip(biases, weights):
        a = activations(weighted_input(w, a, b))
    return a
