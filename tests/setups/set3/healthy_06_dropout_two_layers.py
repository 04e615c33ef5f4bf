# healthy
"""A run to be judged."""

from tinynn import Dense, Dropout, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [64, Dense(80, "relu"), Dropout(0.3), Dense(10, "softmax")]
    net = Network(layers, seed=26, cost="log-likelihood")
    run = net.train(digits.training, 12, 10, 0.1, test_data=digits.test, seed=26)
    for _ in zip(range(6), run):
        pass
    return run
