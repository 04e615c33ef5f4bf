# cause: learning rate too low
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=0, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 5, 10, 0.01, test_data=digits.test, seed=0)
    run.finish()
    return run
