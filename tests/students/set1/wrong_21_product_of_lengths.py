# mistake: The lengths of the gradient and of the step are multiplied, which forgets the angle between them, it should be the sum of the products entry by entry.
# fails: cost-change
from math import sqrt


def length(vector):
    total = 0.0
    for entry in vector:
        total += entry * entry
    return sqrt(total)


def cost_change(gradient, delta_v):
    steepness = length(gradient)
    distance = length(delta_v)
    return steepness * distance
