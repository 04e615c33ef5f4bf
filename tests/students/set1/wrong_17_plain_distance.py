# mistake: The cost is half the distance itself, the norm should be squared.
# fails: cost-formula
import numpy as np


def cost(outputs, desired):
    """C = 1/2 ||y - a||^2"""
    a = np.asarray(outputs, dtype=float)
    y = np.asarray(desired, dtype=float)
    return 0.5 * np.linalg.norm(y - a)


def cost_derivative(outputs, desired):
    return np.asarray(outputs, dtype=float) - np.asarray(desired, dtype=float)
