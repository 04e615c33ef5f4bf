# healthy
"""A run to be judged."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [64, Dense(30, "tanh"), Dense(30, "tanh"), Dense(30, "tanh"), Dense(10, "softmax")]
    net = Network(layers, seed=23, cost="log-likelihood")
    run = net.train(digits.training, 6, 10, 0.05, validation_data=digits.validation, seed=23)
    run.finish()
    return run
