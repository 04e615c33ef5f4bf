# mistake: the slope of σ is taken at w·x; it should be taken at z = w·x + b.
# fails: output-change
import math


def dot(u, v):
    return sum(a * b for a, b in zip(u, v))


def sigma(z):
    if z < 0:
        return 1 - sigma(-z)
    return 1 / (1 + math.exp(-z))


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    """How much the output moves if w and b are moved a bit (eq. 5)."""
    out = sigma(dot(weights, inputs))
    slope = out * (1 - out)
    change = slope * dot(inputs, delta_weights)
    change += slope * delta_bias
    return change
