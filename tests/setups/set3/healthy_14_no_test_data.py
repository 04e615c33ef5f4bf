# healthy
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=34)
    run = net.train(digits.training, 8, 10, 3.0, measure_training=True, seed=34)
    for _ in zip(range(4), run):
        pass
    return run
