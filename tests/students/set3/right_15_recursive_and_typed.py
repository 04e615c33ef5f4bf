# right: recursion, type hints, reduce, an inner function that brings the error back
from __future__ import annotations

from functools import reduce
from math import exp, log

Vec = "list[float]"


def sigmoid(z: float) -> float:
    return 1.0 / (1.0 + exp(-z)) if z >= 0.0 else exp(z) / (1.0 + exp(z))


def sigmoid_prime(z: float) -> float:
    e = exp(-abs(z))
    return e / (1.0 + e) ** 2


def weighted_sum(weights: Vec, inputs: Vec) -> float:
    return reduce(lambda s, pair: s + pair[0] * pair[1], zip(weights, inputs), 0.0)


def output_change(weights: Vec, inputs: Vec, bias: float, delta_weights: Vec, delta_bias: float) -> float:
    slope = sigmoid_prime(weighted_sum(weights, inputs) + bias)
    return slope * weighted_sum(delta_weights, inputs) + slope * delta_bias


def feedforward(biases: list[Vec], weights: list[list[Vec]], x: Vec) -> Vec:
    return reduce(
        lambda a, layer: [sigmoid(weighted_sum(row, a) + b) for row, b in zip(*layer)],
        zip(weights, biases),
        list(x),
    )


def backprop(biases: list[Vec], weights: list[list[Vec]], x: Vec, y: Vec):
    if not weights:
        return [], []
    nabla_b: list[Vec] = []
    nabla_w: list[list[Vec]] = []

    def through(layer: int, a: Vec) -> Vec:
        """Returns dC/da of what goes into the layer."""
        if layer == len(weights):
            return [out - want for out, want in zip(a, y)]
        z = [weighted_sum(row, a) + b for row, b in zip(weights[layer], biases[layer])]
        after = through(layer + 1, [sigmoid(t) for t in z])
        delta = [d * sigmoid_prime(t) for d, t in zip(after, z)]
        nabla_b.append(delta)
        nabla_w.append([[d * a_k for a_k in a] for d in delta])
        return [weighted_sum(column, delta) for column in zip(*weights[layer])]

    through(0, list(x))
    return nabla_b[::-1], nabla_w[::-1]


def softmax(weighted_inputs: Vec) -> Vec:
    largest = max(weighted_inputs)
    log_total = log(sum(exp(z - largest) for z in weighted_inputs))
    return [exp(z - largest - log_total) for z in weighted_inputs]


def last_epoch(accuracies: Vec, patience: int) -> int:
    def run(epoch: int, best: float, waited: int) -> int:
        if waited == patience or epoch == len(accuracies):
            return epoch
        if accuracies[epoch] > best:
            return run(epoch + 1, accuracies[epoch], 0)
        return run(epoch + 1, best, waited + 1)

    return run(0, float("-inf"), 0)
