import math
from typing import List, Sequence


def sigmoid(z: float) -> float:
    try:
        return 1.0 / (1.0 + math.exp(-z))
    except OverflowError:
        return 0.0


def sigmoid_neuron(weights: Sequence[float], inputs: Sequence[float], bias: float) -> float:
    return sigmoid(math.sumprod(weights, inputs) + bias if hasattr(math, "sumprod") else _z(weights, inputs, bias))


def _z(weights: List[float], inputs: List[float], bias: float) -> float:
    return sum([w * x for w, x in zip(weights, inputs)], bias)


def sigmoid_prime(z: float) -> float:
    # e^-z / (1 + e^-z)^2, which is even in z
    t = math.exp(-abs(z))
    return t / (1 + t) ** 2
