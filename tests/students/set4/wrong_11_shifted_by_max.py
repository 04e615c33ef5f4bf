# mistake: the largest z is subtracted from all of them against overflow, as for softmax; σ changes by that, so each z should be used as it is.
# fails: activation
import numpy as np


def activations(weighted_inputs):
    z = np.asarray(weighted_inputs, dtype=float)
    z = z - z.max()          # numerically stable
    e = np.exp(z)            # never more than 1
    return e / (1.0 + e)
