# mistake: the activations are sent through sigma once more as if they were weighted inputs; they should go into the product as they are.
# fails: bp4
import numpy as np


def sigmoid(z):
    z = np.clip(z, -700, 700)
    return 1.0 / (1.0 + np.exp(-z))


def bias_gradient(error):
    return np.array(error, dtype=float)


def weight_gradient(activations, error):
    a = sigmoid(np.array(activations, dtype=float))
    return np.outer(error, a)
