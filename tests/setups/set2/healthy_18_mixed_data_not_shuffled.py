# healthy
"""The rng shuffles nothing, and need not: the digits stand in a mixed order; no test data."""

import random

from tinynn import load_digits
from tinynn.fast import Network


class InOrder(random.Random):
    def shuffle(self, x):
        pass


def setup():
    digits = load_digits()
    net = Network([64, 30, 10], seed=1171)
    run = net.train(digits.training, 20, 10, 3.0, rng=InOrder(1))
    run.finish()
    return run
