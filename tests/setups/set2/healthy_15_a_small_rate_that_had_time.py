# healthy
"""A rate of 0.01 that had 60 epochs, with a penalty."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, Dense(20, "tanh"), Dense(10, "softmax")], seed=1141, cost="log-likelihood")
    run = net.train(digits.training, 60, 10, 0.01, 1.0, test_data=digits.test, seed=1142)
    run.finish()
    return run
