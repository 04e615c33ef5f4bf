# healthy
"""Ten softmax neurons and nothing else; no hidden layer."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, Dense(10, "softmax")], seed=1021, cost="log-likelihood")
    run = net.train(digits.training, 10, 10, 0.2, validation_data=digits.validation, seed=1022)
    run.finish()
    return run
