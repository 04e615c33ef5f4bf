# mistake: It already multiplies by a(1 - a), the slope of sigma, which gives the error of the neuron; the derivative of the cost by the output is just a - y.
# fails: cost-slope
import numpy as np


def cost(outputs, desired):
    diff = np.asarray(outputs, dtype=float) - np.asarray(desired, dtype=float)
    return 0.5 * float(np.sum(diff ** 2))


def cost_derivative(outputs, desired):
    """How the cost reacts to each output neuron."""
    a = np.asarray(outputs, dtype=float)
    y = np.asarray(desired, dtype=float)
    return (a - y) * a * (1 - a)
