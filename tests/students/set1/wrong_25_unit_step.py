# mistake: The gradient is normalised to length 1 first, the step should be -η times the gradient as it is.
# fails: descent-direction
import numpy as np


def descent_step(gradient, eta):
    g = np.array(gradient, dtype=float)
    size = np.sqrt(np.sum(g ** 2))
    if size == 0:
        return g
    direction = g / size
    return -eta * direction


def update(v, gradient, eta):
    return np.array(v, dtype=float) - eta * np.array(gradient, dtype=float)
