# cause: learning rate too high
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=2)
    run = net.train(digits.training, 6, 10, 20.0, test_data=digits.test, seed=2)
    for _ in zip(range(3), run):
        pass
    return run
