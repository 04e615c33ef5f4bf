# healthy
"""Five hidden layers of tanh neurons, before the first epoch."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    layers = [64, *(Dense(30, "tanh") for _ in range(5)), Dense(10, "softmax")]
    net = Network(layers, seed=1051, cost="log-likelihood")
    return net.train(digits.training, 15, 10, 0.05, test_data=digits.test, seed=1052)
