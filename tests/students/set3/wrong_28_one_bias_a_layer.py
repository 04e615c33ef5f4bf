# mistake: the bias is thought of as one number for the whole layer, so every bias gets the sum of all errors; each bias has the error of its own neuron as its slope.
# fails: bp3
import numpy as np


def bias_gradient(error):
    # the bias feeds all neurons of the layer, so their errors add up
    delta = np.asarray(error, dtype=float)
    return np.full(delta.shape, delta.sum())


def weight_gradient(activations, error):
    return np.outer(error, activations)
