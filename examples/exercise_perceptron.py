"""Exercise: perceptrons, and the smooth neurons that took their place (chapter 1).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_perceptron.py

`tinynn claims perceptron-rule` tells more about one of the claims. Running this file shows what
your neurons say so far.
"""

import math


def perceptron(weights, inputs, bias):
    """Answer 1 if w · x + b > 0, else 0: equation (2)."""
    z = bias
    for j in range(len(weights)):
        z = z + ...  # one term of the sum w · x = Σ_j w_j x_j
    if ...:  # when does a perceptron fire?
        return 1
    return 0


def nand(p, q):
    """Answer 0 if both bits are 1, else 1, with one perceptron."""
    weights = [-2, -2]
    bias = ...  # so that only p = q = 1 brings z down to 0 or below
    return perceptron(weights, [p, q], bias)


def half_adder(p, q):
    """Add two bits with NAND gates alone: return (sum, carry), where p + q = 2 carry + sum."""
    both = nand(p, q)
    total = nand(nand(p, both), nand(q, both))
    carry = ...  # NOT both: which NAND turns one bit round?
    return total, carry


def sigmoid(z):
    """Return σ(z) = 1 / (1 + e^(-z)), equation (3), for any z: e^(1000) is too large a float."""
    if z >= 0:
        return ...
    return ...  # the same number, written with e^z, which stays small for z < 0


def sigmoid_neuron(weights, inputs, bias):
    """Answer σ(w · x + b), equation (4): a perceptron made smooth."""
    z = bias
    for j in range(len(weights)):
        z = z + ...
    return ...


if __name__ == "__main__":
    for name, function in [("nand", nand), ("half_adder", half_adder)]:
        for p in (0, 1):
            for q in (0, 1):
                try:
                    print(f"{name}({p}, {q}) = {function(p, q)}")
                except TypeError:
                    print(f"{name}({p}, {q}) still has a blank")
