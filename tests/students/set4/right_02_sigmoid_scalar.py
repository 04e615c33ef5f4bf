# right: scalar functions with math, type hints, lambda, two branches for the sign of z
from math import exp
from typing import Sequence


def sigmoid(z: float) -> float:
    if z >= 0:
        return 1.0 / (1.0 + exp(-z))
    ez = exp(z)
    return ez / (1.0 + ez)


def sigmoid_prime(z: float) -> float:
    # sigma(-z) is 1 - sigma(z), without losing digits
    return sigmoid(z) * sigmoid(-z)


dot = lambda u, v: sum(ui * vi for ui, vi in zip(u, v))


def sigmoid_neuron(weights: Sequence[float], inputs: Sequence[float], bias: float) -> float:
    return sigmoid(dot(weights, inputs) + bias)


def output_change(weights: Sequence[float], inputs: Sequence[float], bias: float,
                  delta_weights: Sequence[float], delta_bias: float) -> float:
    """How the output answers to a nudge, to first order."""
    slope = sigmoid_prime(dot(weights, inputs) + bias)
    return slope * (dot(inputs, delta_weights) + delta_bias)


if __name__ == "__main__":
    print(sigmoid(0), sigmoid_prime(0), sigmoid_neuron([-2, -2], [1, 0.5], 3))
