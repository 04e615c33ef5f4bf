# healthy
"""A rate of six, with larger mini-batches and the quadratic cost, where it works."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, 40, 10], seed=1, init="scaled")
    run = net.train(digits.training, 30, 25, 6.0, test_data=digits.test, seed=1072)
    for report in run:
        if report.number == 14:
            break
    return run
