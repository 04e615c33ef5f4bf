# healthy
"""Nothing is learnt yet."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    net = Network([64, 24, 10], seed=1001)
    return net.train(digits.training, 10, 10, 3.0, test_data=digits.test, seed=1002)
