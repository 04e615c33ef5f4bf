# healthy
"""A run to be judged."""

import random

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    training = sorted(digits.training, key=lambda example: example[1].argmax())
    net = Network([64, 25, 10], rng=random.Random(45))
    rng = random.Random(45)
    run = net.train(training, 8, 10, 3.0, test_data=digits.test, rng=rng)
    for _ in zip(range(4), run):
        pass
    return run
