# cause: initial weights
"""First weights N(0, 1) in tanh layers with 64 to 100 inputs."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    layers = [64, *(Dense(100, "tanh") for _ in range(3)), Dense(10, "softmax")]
    net = Network(layers, seed=71, cost="log-likelihood", init="large")
    return net.train(digits.training, 8, 10, 0.05, test_data=digits.test, seed=72)
