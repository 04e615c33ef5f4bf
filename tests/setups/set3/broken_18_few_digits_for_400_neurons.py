# cause: more network than data
"""A run to be judged."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [64, Dense(400, "relu"), Dense(10, "softmax")]
    net = Network(layers, seed=13, cost="log-likelihood")
    run = net.train(digits.training[:25], 40, 5, 0.05, test_data=digits.test, seed=13)
    run.finish()
    return run
