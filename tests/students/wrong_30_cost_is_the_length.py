# mistake: half-length
# fails: cost-formula
import numpy as np


def cost(a, y):
    return 0.5 * np.linalg.norm(a - y)
