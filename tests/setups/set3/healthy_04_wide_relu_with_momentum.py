# healthy
"""A run to be judged."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, Dense(150, "relu"), Dense(10, "softmax")], seed=24, cost="log-likelihood")
    run = net.train(
        digits.training, 6, 20, 0.02, mu=0.9, nesterov=True, test_data=digits.test, seed=24
    )
    for _ in zip(range(3), run):
        pass
    return run
