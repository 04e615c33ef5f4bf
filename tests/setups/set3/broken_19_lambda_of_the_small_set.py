# cause: penalty too strong
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=14, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 8, 10, 0.5, 30.0, test_data=digits.test, seed=14)
    for _ in zip(range(4), run):
        pass
    return run
