# healthy
"""A run to be judged."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, Dense(40, "relu"), Dense(10, "softmax")], seed=32, cost="log-likelihood")
    run = net.train(digits.training, 10, 10, 0.1, 0.3, "L1", test_data=digits.test, seed=32)
    for _ in zip(range(6), run):
        pass
    return run
