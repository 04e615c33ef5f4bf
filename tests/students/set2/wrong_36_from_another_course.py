# mistake: Two: the errors of all neurons are added into one number, where each bias has the error of its own neuron; and the outer product is divided by the number of neurons, where nothing should be divided.
# fails: bp3 bp4
import numpy as np


def bias_gradient(error):
    dZ = np.asarray(error, dtype=float)
    return np.sum(dZ, axis=0, keepdims=True)


def weight_gradient(activations, error):
    dZ = np.asarray(error, dtype=float)
    A_prev = np.asarray(activations, dtype=float)
    m = dZ.shape[0]
    return (1 / m) * np.outer(dZ, A_prev)
