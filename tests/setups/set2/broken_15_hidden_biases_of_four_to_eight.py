# cause: saturated
"""Hidden sigmoid neurons whose biases were set to large numbers: they say 1, whatever comes in."""

import random

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, 30, 10], seed=91, cost="cross-entropy", init="scaled")
    rng = random.Random(92)
    for j in range(30):
        net.biases[0][j] = rng.uniform(4.0, 8.0)
    run = net.train(digits.training, 8, 10, 0.3, test_data=digits.test, seed=93)
    run.finish()
    return run
