# cause: dead
"""A run to be judged."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [64, Dense(30, "relu"), Dense(20, "relu"), Dense(10, "softmax")]
    net = Network(layers, seed=18, cost="log-likelihood")
    net.biases[1][:] = -3.0
    run = net.train(digits.training, 6, 10, 0.1, test_data=digits.test, seed=18)
    for _ in zip(range(2), run):
        pass
    return run
