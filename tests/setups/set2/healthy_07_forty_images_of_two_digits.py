# healthy
"""Noughts and ones, told apart after forty images."""

from tinynn import Network, Vector, load_digits


def noughts_and_ones(examples):
    return [(x, Vector([y[0], y[1]])) for x, y in examples if y[0] + y[1] == 1]


def setup():
    digits = load_digits()
    net = Network([64, 4, 2], seed=1061, init="scaled", cost="cross-entropy")
    run = net.train(
        noughts_and_ones(digits.training)[:40],
        30,
        5,
        0.5,
        test_data=noughts_and_ones(digits.test),
        seed=1062,
    )
    run.finish()
    return run
