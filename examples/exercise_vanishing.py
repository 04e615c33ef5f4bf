"""Exercise: why deep networks learn slowly (chapter 5).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_vanishing.py

`tinynn claims chain-product` tells more about one of the claims. A chain has one neuron a layer:
`weights` are w_1, w_2, … and `weighted_inputs` are z_1, z_2, … of its neurons. Running this file
shows how fast the gradient shrinks or grows along a chain.
"""

import math


def sigmoid_prime(z):
    """Return σ'(z), which is 1/4 at z = 0 and less everywhere else."""
    a = 1 / (1 + math.exp(-z))
    return a * (1 - a)


def chain_gradient(weights, weighted_inputs, cost_derivative):
    """Return ∂C/∂b_1 = σ'(z_1) w_2 σ'(z_2) w_3 σ'(z_3) … ∂C/∂a_L, equation (121)."""
    product = ...
    for j in range(1, len(weights)):
        product = product * ...
    return product * ...


def window_width(w):
    """Return how wide the interval of inputs a with |w σ'(w a + b)| ≥ 1 is, equation (123)."""
    size = abs(w)
    if size < ...:
        return 0
    r = size * (1 + math.sqrt(1 - 4 / size)) / 2 - 1  # e^z at the end where z is above 0
    return ...


def layer_speed(errors):
    """Return the length of the mean of δ over the examples; errors has a list for each of them."""
    squares = 0
    for column in zip(*errors):  # δ_j of every example
        mean = ...
        squares = squares + ...
    return ...


def identity_neuron(w1):
    """Return b and w_2 for which w_2 σ(w_1 x + b) is x plus a constant, nearly, from 0 to 1."""
    b = ...  # z is to be 0 at x = 1/2
    w2 = ...  # it is to undo w_1 σ'(0)
    return [b, w2]


if __name__ == "__main__":
    for weight in (1, 3, 100):
        for length in (2, 4, 8):
            try:
                gradient = chain_gradient([weight] * length, [0] * length, 0.5)
                print(f"{length} neurons of weight {weight}, each z = 0: ∂C/∂b_1 = {gradient:.3g}")
            except TypeError:
                print("fill in the blanks of chain_gradient")
