# cause: momentum
"""A run to be judged."""

from tinynn import Dense, DivergenceError, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], seed=15, cost="log-likelihood")
    run = net.train(digits.training, 8, 10, 0.1, mu=0.99, test_data=digits.test, seed=15)
    try:
        for _ in zip(range(5), run):
            pass
    except DivergenceError:
        pass
    return run
