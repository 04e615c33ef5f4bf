# mistake: the length of the gradient times the length of the step is returned, as if they always pointed the same way; it should be their dot product.
# fails: cost-change
from math import sqrt


def norm(v):
    return sqrt(sum(c * c for c in v))


def cost_change(gradient, delta_v):
    """Steepness of the valley times the distance walked."""
    return norm(gradient) * norm(delta_v)
