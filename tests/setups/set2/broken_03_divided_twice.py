# cause: inputs
"""Pixels from 0 to 1 that were divided by 255 once more."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def scaled(examples):
    return [(x * (1 / 255), y) for x, y in examples]


def setup():
    digits = load_digits()
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], seed=5, cost="log-likelihood")
    run = net.train(scaled(digits.training), 10, 10, 0.1, test_data=scaled(digits.test), seed=6)
    for report in run:
        if report.number == 5:
            break
    return run
