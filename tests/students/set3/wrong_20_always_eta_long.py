# mistake: the gradient is normalised, so that each step is eta long wherever it starts; the step should be -eta times the gradient itself.
# fails: descent-direction descent-step descent-decreases
import numpy as np


def descent_step(gradient, eta):
    g = np.array(gradient, dtype=float)
    length = np.linalg.norm(g)
    if length == 0:
        return g
    return -eta * g / length


def update(v, gradient, eta):
    return np.array(v, dtype=float) + descent_step(gradient, eta)
