# mistake: z is clipped to -4 ... 4 against overflow, far too early; it should not be clipped where σ still changes.
# fails: sigmoid-formula sigmoid-limit sigmoid-rises
from math import exp

Z_MAX = 4.0


def sigmoid(z):
    # exp overflows for large numbers, and the curve is flat out there anyway
    z = max(-Z_MAX, min(Z_MAX, z))
    return 1.0 / (1.0 + exp(-z))
