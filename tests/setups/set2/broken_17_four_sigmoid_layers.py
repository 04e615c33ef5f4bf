# cause: vanishing gradient
"""Deeper must be better: four hidden layers of sigmoid neurons."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, 30, 30, 30, 30, 10], seed=111, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 12, 10, 0.5, test_data=digits.test, seed=112)
    run.finish()
    return run
