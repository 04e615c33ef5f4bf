# mistake: Two: the step has the length eta in each direction whatever the slope, where it should be -eta times the slope; and the update of the whole vector is repeated in a loop over its components, where it should be done once.
# fails: descent-direction descent-step
import numpy as np


def descent_step(gradient, eta):
    step = []
    for slope in gradient:
        if slope > 0:
            step.append(-eta)
        elif slope < 0:
            step.append(eta)
        else:
            step.append(0)
    return step


def update(v, gradient, eta):
    v = np.array(v, dtype=float)
    gradient = np.array(gradient, dtype=float)
    for j in range(len(v)):
        v = v - eta * gradient
    return v
