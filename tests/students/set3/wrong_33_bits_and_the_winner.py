# mistake: the cross-entropy is measured in bits, with log2 (it should be the natural logarithm), and log_likelihood takes the largest output instead of the one that should be 1.
# fails: cross-entropy log-likelihood
from math import inf, log, log2


def term(factor, value):
    if factor == 0:
        return 0.0
    return factor * (log2(value) if value > 0 else -inf)


def cross_entropy(outputs, desired):
    total = 0.0
    for a, y in zip(outputs, desired):
        total -= term(y, a) + term(1 - y, 1 - a)
    return total


def log_likelihood(outputs, desired):
    return -log(max(outputs))
