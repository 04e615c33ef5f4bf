# healthy
"""The first epoch of a small network on the loops."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    net = Network([64, 16, 10], seed=1011, cost="cross-entropy", init="scaled")
    run = net.train(digits.training, 6, 10, 0.5, test_data=digits.test, seed=1012)
    for _ in run:
        break
    return run
