# mistake: The variable of the first loop is used after it, so that every neuron gets the slope of the last one, each should get its own.
# fails: bp2
import numpy as np


def sigmoid_prime(z):
    s = 1.0 / (1.0 + np.exp(-abs(z)))
    return s * (1.0 - s)


def hidden_error(next_weights, next_error, weighted_inputs):
    w = np.array(next_weights, dtype=float)
    d = np.array(next_error, dtype=float)
    slopes = []
    for z in weighted_inputs:
        slope = sigmoid_prime(z)
        slopes.append(slope)
    errors = []
    for j in range(len(slopes)):
        errors.append(float(w[:, j] @ d) * slope)
    return errors
