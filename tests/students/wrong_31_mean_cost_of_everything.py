# mistake: both-counted
# fails: mean-cost
import numpy as np


def mean_cost(outputs, desired):
    return 0.5 * np.mean((np.array(outputs) - np.array(desired)) ** 2)
