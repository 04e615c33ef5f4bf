# mistake: z is clipped to -6 … 6 against overflow, so that σ stays at 0.9975 further out, it should go on towards 1.
# fails: sigmoid-formula sigmoid-limit sigmoid-rises
from math import exp

LIMIT = 6.0


def clip(z: float) -> float:
    return max(-LIMIT, min(LIMIT, z))


def sigmoid(z: float) -> float:
    """The sigmoid function, safe for large z."""
    z = clip(z)
    return 1.0 / (1.0 + exp(-z))
