# mistake: The largest z is subtracted from all before sigma is applied, which is allowed for softmax but changes sigma; sigma should be taken of z itself.
# fails: activation
import numpy as np


def activations(weighted_inputs):
    z = np.array(weighted_inputs, dtype=float)
    # keep exp() from overflowing
    z = z - np.max(z)
    e = np.exp(z)
    return e / (e + 1.0)
