# healthy
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 20, 10], seed=36, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 12, 5, 1.0, validation_data=digits.validation, seed=36)
    run.finish()
    return run
