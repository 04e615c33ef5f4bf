"""Exercise: better costs, softmax, and the costs with penalties (chapter 3).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_costs.py

`tinynn claims cross-entropy` tells more about one of the claims. A vector is a list of numbers, a
matrix a list of rows; `weights` has a matrix for each layer, from layer 2. Running this file shows
what a wrong answer costs, and how fast its neuron learns.
"""

import math


def cross_entropy(outputs, desired):
    """Return C = -Σ_j [y_j ln a_j + (1 - y_j) ln(1 - a_j)] of one example, equation (63)."""
    total = 0
    for a, y in zip(outputs, desired):
        if y > 0:  # a term whose factor is 0 is 0, whatever its logarithm
            total = total + ...
        if y < 1:
            total = total + ...
    return ...


def log_likelihood(outputs, desired):
    """Return C = -ln a_y, where a_y is the output that should be 1, equation (80)."""
    right = desired.index(1)  # the place of that output
    return ...


def softmax(weighted_inputs):
    """Return a_j = e^(z_j) / Σ_k e^(z_k) for every output neuron j, equation (78).

    The largest z is subtracted from each one: no a_j changes, and no e^z is too large for a float.
    """
    largest = max(weighted_inputs)
    total = 0
    for z in weighted_inputs:
        total = total + ...
    outputs = []
    for z in weighted_inputs:
        outputs.append(...)
    return outputs


def cross_entropy_error(outputs, desired):
    """Return δ_j = a_j - y_j, the error of each output neuron j, equation (66)."""
    return [... for a, y in zip(outputs, desired)]


def l2_cost(cost, weights, lmbda, n):
    """Return C = C_0 + λ/2n Σ w², equation (87); cost is C_0, n the size of the training set."""
    total = 0
    for matrix in weights:
        for row in matrix:
            for w in row:
                total = total + ...
    return ...


def l1_cost(cost, weights, lmbda, n):
    """Return C = C_0 + λ/n Σ |w|, equation (95)."""
    total = 0
    for matrix in weights:
        for row in matrix:
            for w in row:
                total = total + ...
    return ...


if __name__ == "__main__":
    print("one output neuron that should answer 1:")
    for a in (0.1, 0.5, 0.9):
        quadratic = (a - 1) * a * (1 - a)
        print(f"a = {a}: with the quadratic cost its error is {quadratic:.3f},")
        try:
            error = cross_entropy_error([a], [1])[0]
            cost = cross_entropy([a], [1])
            print(f"         with the cross-entropy {error:.3f}, at a cost of {cost:.3f}")
        except TypeError:
            print("         with the cross-entropy: fill in its blanks")
