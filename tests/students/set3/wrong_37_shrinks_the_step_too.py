# mistake: the factor 1 - eta lmbda / n is multiplied to the whole result, so the gradient step is shrunk as well; only the old weight should be shrunk.
# fails: l2-update
import numpy as np


def l2_update(weights, nabla_sum, eta, m, lmbda, n):
    w = np.array(weights, dtype=float)
    nw = np.array(nabla_sum, dtype=float)
    return (1 - eta * lmbda / n) * (w - eta / m * nw)
