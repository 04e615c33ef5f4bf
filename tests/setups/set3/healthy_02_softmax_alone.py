# healthy
"""A run to be judged."""

from tinynn import Dense, Network, load_digits


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, Dense(10, "softmax")], seed=22, cost="log-likelihood")
    return net.train(digits.training, 8, 10, 0.2, test_data=digits.test, seed=22)
