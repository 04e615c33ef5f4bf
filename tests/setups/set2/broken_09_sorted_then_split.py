# cause: order
"""Sorted by digit, and only then split: the last classes stand in the test data alone."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    examples = sorted(
        [*digits.training, *digits.validation],
        key=lambda example: max(range(10), key=lambda j: example[1][j]),
    )
    net = Network([64, 20, 10], seed=31, cost="cross-entropy", init="scaled")
    run = net.train(examples[:900], 3, 10, 0.5, test_data=examples[900:], seed=32)
    run.finish()
    return run
