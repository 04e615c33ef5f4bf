# cause: order
"""A run to be judged."""

import random

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""

    class InOrder(random.Random):
        def shuffle(self, order):
            """Leave the order as it is."""

    digits = load_digits()
    training = sorted(digits.training, key=lambda example: example[1].argmax())
    net = Network([64, 30, 10], seed=4)
    run = net.train(training, 8, 10, 3.0, test_data=digits.test, rng=InOrder(4))
    for _ in zip(range(4), run):
        pass
    return run
