# healthy
"""A run to be judged."""

from tinynn import Dense, Vector, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()

    def even(examples):
        return [(x, Vector([float(y.argmax() % 2 == 0)])) for x, y in examples]

    net = Network([64, Dense(30, "relu"), Dense(1, "sigmoid")], seed=40, cost="cross-entropy")
    run = net.train(even(digits.training), 8, 10, 0.1, test_data=even(digits.test), seed=40)
    for _ in zip(range(4), run):
        pass
    return run
