# mistake: transposed
# fails: bp4
import numpy as np


def weight_gradient(a, delta):
    return np.outer(a, delta)
