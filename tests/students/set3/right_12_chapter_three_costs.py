# right: generators and helpers, the costs of chapter 3
from math import exp, inf, log


def times_log(factor, value):
    """factor * ln(value), and 0 where the factor is 0."""
    if factor == 0:
        return 0.0
    if value == 0:
        return -inf * factor
    return factor * log(value)


def cross_entropy(outputs, desired):
    def terms():
        for a, y in zip(outputs, desired):
            yield times_log(y, a)
            yield times_log(1 - y, 1 - a)
    return 0.0 - sum(terms())


def log_likelihood(outputs, desired):
    return 0.0 - sum(times_log(y, a) for a, y in zip(outputs, desired))


def softmax(weighted_inputs):
    top = max(weighted_inputs)
    powers = [exp(z - top) for z in weighted_inputs]
    total = sum(powers)
    return [power / total for power in powers]


def cross_entropy_error(outputs, desired):
    return [a - y for a, y in zip(outputs, desired)]
