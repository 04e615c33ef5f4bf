# mistake: bias_gradient adds up the errors of all neurons (it should give each neuron's own error), and weight_gradient divides by the number of inputs (it should not divide).
# fails: bp3 bp4
import numpy as np


def bias_gradient(error):
    return np.sum(np.array(error, dtype=float), axis=0, keepdims=True)


def weight_gradient(activations, error):
    a = np.array(activations, dtype=float)
    return np.outer(error, a) / a.size
