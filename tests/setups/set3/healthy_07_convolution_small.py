# healthy
"""A run to be judged."""

from tinynn import Convolution, Dense, MaxPooling, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [(1, 8, 8), Convolution(6, 3, "relu"), MaxPooling(2), Dense(10, "softmax")]
    net = Network(layers, seed=27, cost="log-likelihood")
    run = net.train(digits.training, 6, 10, 0.1, test_data=digits.test, seed=27)
    for _ in zip(range(3), run):
        pass
    return run
