# cause: saturated
"""A run to be judged."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, 30, 10], seed=8, cost="cross-entropy", init="scaled")
    net.biases[0][:] = 8.0
    run = net.train(digits.training, 5, 10, 0.5, test_data=digits.test, seed=8)
    for _ in zip(range(2), run):
        pass
    return run
