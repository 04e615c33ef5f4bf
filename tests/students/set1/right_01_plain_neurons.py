# right: plain loops, type hints and docstrings, one function built on another
"""Exercise 1: neurons and gates."""


def weighted_sum(weights: list, inputs: list) -> float:
    """w · x, one term after the other."""
    total = 0
    for j in range(len(weights)):
        total += weights[j] * inputs[j]
    return total


def perceptron_threshold(weights: list, inputs: list, threshold: float) -> int:
    """1 only if the sum is really above the threshold."""
    if weighted_sum(weights, inputs) > threshold:
        return 1
    return 0


def perceptron(weights: list, inputs: list, bias: float) -> int:
    """The same with a bias in place of the threshold."""
    if weighted_sum(weights, inputs) + bias > 0:
        return 1
    else:
        return 0


def nand(p: int, q: int) -> int:
    return perceptron([-2, -2], [p, q], 3)


def half_adder(p: int, q: int) -> tuple:
    """Returns (sum, carry)."""
    m = nand(p, q)
    return nand(nand(p, m), nand(q, m)), nand(m, m)
