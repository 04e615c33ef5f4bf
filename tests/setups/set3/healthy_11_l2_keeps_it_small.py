# healthy
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 60, 10], seed=31, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 10, 10, 0.3, 2.0, test_data=digits.test, seed=31)
    run.finish()
    return run
