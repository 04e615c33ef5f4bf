# cause: initial weights
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=1, cost="cross-entropy", init="scaled")
    for weights, biases in zip(net.weights, net.biases):
        weights[:] = 0.01
        biases[:] = 0.0
    run = net.train(digits.training, 6, 10, 0.5, test_data=digits.test, seed=1)
    run.finish()
    return run
