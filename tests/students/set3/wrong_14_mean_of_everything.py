# mistake: np.mean divides by the number of all single outputs; it should be divided by the number of examples only (and by 2).
# fails: mean-cost
import numpy as np


def mean_cost(outputs_list, desired_list):
    a = np.array(outputs_list, dtype=float)
    y = np.array(desired_list, dtype=float)
    return 0.5 * np.mean((y - a) ** 2)
