# right: if for the edges, enumerate, math.fsum, docstrings
"""Costs of chapter 3 for one training example."""
import math


def minus_ln(p):
    """-ln p, which is infinite for p = 0."""
    return math.inf if p == 0 else -math.log(p)


def cross_entropy(outputs, desired):
    terms = []
    for j, a in enumerate(outputs):
        y = desired[j]
        if y != 0:
            terms.append(y * minus_ln(a))
        if y != 1:
            terms.append((1 - y) * minus_ln(1 - a))
    return math.fsum(terms)


def log_likelihood(outputs, desired):
    return math.fsum(y * minus_ln(a) for a, y in zip(outputs, desired) if y)


def softmax(weighted_inputs):
    """Shares of e^z; e^(z - largest z) gives the same shares and cannot overflow."""
    largest = max(weighted_inputs)
    powers = [math.exp(z - largest) for z in weighted_inputs]
    whole = math.fsum(powers)
    return [power / whole for power in powers]


def cross_entropy_error(outputs, desired):
    error = []
    for a, y in zip(outputs, desired):
        error.append(a - y)
    return error
