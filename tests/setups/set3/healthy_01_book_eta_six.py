# healthy
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 40, 10], seed=42)
    run = net.train(digits.training, 10, 10, 6.0, test_data=digits.test, seed=42)
    for _ in zip(range(5), run):
        pass
    return run
