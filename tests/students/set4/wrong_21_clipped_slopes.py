# mistake: each slope is clipped to -1 ... 1 before the step; the gradient should be used as it is.
# fails: descent-step descent-decreases descent-steepest
import numpy as np


def update(v, gradient, eta):
    g = np.clip(np.array(gradient, dtype=float), -1, 1)   # no wild jumps
    new_v = np.array(v, dtype=float)
    new_v -= eta * g
    return new_v
