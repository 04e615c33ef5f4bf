# cause: vanishing gradient
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [64, 20, 20, 20, 20, 20, 20, 10]
    net = Network(layers, seed=5, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 10, 10, 0.5, test_data=digits.test, seed=5)
    run.finish()
    return run
