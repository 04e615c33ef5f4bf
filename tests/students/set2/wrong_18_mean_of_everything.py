# mistake: np.mean divides by the number of all components, n times the size of a vector; the sum should be divided by 2n, with n the number of examples.
# fails: mean-cost
import numpy as np


def mean_cost(outputs_list, desired_list):
    """Quadratic cost over a whole data set."""
    A = np.array(outputs_list, dtype=float)
    Y = np.array(desired_list, dtype=float)
    return 0.5 * np.mean((Y - A) ** 2)
