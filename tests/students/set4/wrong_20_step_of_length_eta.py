# mistake: the gradient is scaled to length 1, so that every step is η long; the step should be -η times the gradient itself.
# fails: descent-direction
from math import hypot


def descent_step(gradient, eta):
    """Walk a distance eta straight downhill."""
    steepness = hypot(*gradient)
    if steepness == 0:
        return [0.0 for _ in gradient]
    return [-eta * slope / steepness for slope in gradient]
