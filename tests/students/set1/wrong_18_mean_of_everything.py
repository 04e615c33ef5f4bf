# mistake: np.mean divides by the number of all output values, it should divide by the number of examples only.
# fails: mean-cost
import numpy as np


def mean_cost(outputs_list, desired_list):
    a = np.array(outputs_list, dtype=float)
    y = np.array(desired_list, dtype=float)
    return np.mean((y - a) ** 2) / 2


def cost(outputs, desired):
    d = np.array(desired, dtype=float) - np.array(outputs, dtype=float)
    return float(np.sum(d * d)) / 2
