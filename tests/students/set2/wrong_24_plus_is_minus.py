# mistake: plus and minus are two names of the same array, so both costs are the same and every slope is 0; each should be a copy.
# fails: numerical-gradient
import numpy as np


def numerical_gradient(cost, v, h=0.001):
    point = np.array(v, dtype=float)
    slopes = np.zeros(len(point))
    for j in range(len(point)):
        plus = point
        plus[j] += h
        minus = point
        minus[j] -= h
        slopes[j] = (cost(plus) - cost(minus)) / (2 * h)
    return slopes
