"""Exercise: any function by hand, of steps, bumps and towers (chapter 4).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_bumps.py

`tinynn claims even-bumps` tells more about one of the claims; `tinynn lab bumps` draws what you
build here. Running this file shows your bumps beside the function that they are to make.
"""

import math


def sigmoid(z):
    """Return σ(z) = 1 / (1 + e^(-z)); of a z far below 0, without an e^(-z) that is too large."""
    return 1 / (1 + math.exp(-z)) if z > -700 else math.exp(z)


def step_place(w, b):
    """Return s, the place of the step of σ(wx + b): there wx + b is 0."""
    return ...


def step_bias(w, s):
    """Return b, the bias that puts the step of σ(wx + b) at s."""
    return ...


def bump(x, w, first, last, height):
    """Return what two neurons add up to at x: steps at first and last, a bump between them."""
    rising = sigmoid(...)
    falling = sigmoid(...)
    return ...


def even_bumps(x, w, heights):
    """Return the sum at x of N bumps of these heights, with steps at 0, 1/N, 2/N … 1."""
    n = len(heights)
    total = 0
    for i in range(n):
        total = total + bump(x, w, ..., ..., heights[i])
    return total


def inverse_sigmoid(y):
    """Return the z for which σ(z) is y: what bumps are to make before a sigmoid output neuron."""
    return ...


def bumps_enough(slope, error):
    """Return how many bumps a function of this slope needs, for each x from 0 to 1.

    Over half a bump it changes by the slope times 1/2N, which is to be at most the error.
    """
    bumps = math.ceil(...)
    return max(1, bumps)


def tower_bias(inputs, height):
    """Return the bias of a neuron that is on only where the bumps of all inputs are on."""
    return ...


def relu_step(z):
    """Return a step from 0 to 1 of two ReLU neurons: 0 left of z = -1/2, and 1 right of 1/2."""
    return max(0, ...) - max(0, ...)


if __name__ == "__main__":

    def f(x):
        return 0.5 + 0.3 * math.sin(6 * x)

    print("f(x) = 0.5 + 0.3 sin(6x), never further away than 0.1")
    print("   x    f(x)  your bumps")
    try:
        number = bumps_enough(1.8, 0.1)  # f is never steeper than 1.8
        heights = [f((i + 0.5) / number) for i in range(number)]
        for k in range(11):
            x = (k + 0.5) / 11
            print(f"{x:.2f}  {f(x):.4f}  {even_bumps(x, 50 * number, heights):.4f}")
    except TypeError:
        print("(fill in the blanks of bump, even_bumps and bumps_enough first)")
