# healthy
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=35, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 30, 100, 3.0, test_data=digits.test, seed=35)
    for _ in zip(range(15), run):
        pass
    return run
