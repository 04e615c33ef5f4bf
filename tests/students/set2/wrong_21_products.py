# mistake: Two: s.index finds the first equal entry, so repeated entries of s take the wrong partner from t; and the change of the cost is the product of two lengths, where it should be the dot product.
# fails: hadamard cost-change
from math import hypot


def hadamard(s, t):
    return [entry * t[s.index(entry)] for entry in s]


def cost_change(gradient, delta_v):
    """How steep it is, times how far we walk."""
    steepness = hypot(*gradient)
    distance = hypot(*delta_v)
    return steepness * distance
