# mistake: The identity is sigma(z) = (1 + tanh(z/2)) / 2; here tanh is taken of z itself.
# fails: sigmoid-formula sigmoid-slope activation
import math


def sigmoid(z: float) -> float:
    """Logistic function, by way of tanh, which never overflows."""
    return 0.5 * (1.0 + math.tanh(z))


def sigmoid_prime(z: float) -> float:
    s = sigmoid(z)
    return s * (1.0 - s)


def activations(weighted_inputs: list[float]) -> list[float]:
    return [sigmoid(z) for z in weighted_inputs]
