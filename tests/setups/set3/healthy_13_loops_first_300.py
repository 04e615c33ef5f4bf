# healthy
"""A run to be judged."""

from tinynn import Dense, Network, load_digits


def setup():
    """Return the run."""
    digits = load_digits()
    net = Network([64, Dense(12, "tanh"), Dense(10, "softmax")], seed=33, cost="log-likelihood")
    run = net.train(digits.training[:300], 12, 5, 0.1, test_data=digits.test[:200], seed=33)
    for _ in zip(range(6), run):
        pass
    return run
