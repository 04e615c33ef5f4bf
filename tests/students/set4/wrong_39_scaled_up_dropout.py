# mistake: what is kept is divided by the share that is kept, to make up for the dropped; it should only be r times a.
# fails: dropout-mask
import numpy as np


def masked(mask, activations):
    r = np.asarray(mask, dtype=float)
    a = np.asarray(activations, dtype=float)
    keep = r.mean()
    if keep == 0:
        return a * 0
    return r * a / keep
