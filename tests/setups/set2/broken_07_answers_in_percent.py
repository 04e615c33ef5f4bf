# cause: labels
"""The desired outputs are 0 and 100 per cent, those of sigmoid neurons from 0 to 1."""

from tinynn import load_digits
from tinynn.fast import Network


def percent(examples):
    return [(x, y * 100.0) for x, y in examples]


def setup():
    digits = load_digits()
    net = Network([64, 30, 10], seed=14)
    return net.train(
        percent(digits.training),
        12,
        10,
        1.0,
        test_data=percent(digits.test),
        seed=15,
    )
