# mistake: np.mean divides by the number of examples times the number of outputs; it should divide by the number of examples only.
# fails: mean-cost
import numpy as np


def mean_cost(outputs_list, desired_list):
    a = np.array(outputs_list, dtype=float)
    y = np.array(desired_list, dtype=float)
    return float(np.mean((y - a) ** 2) / 2)
