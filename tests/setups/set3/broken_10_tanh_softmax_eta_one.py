# cause: learning rate too high
"""A run to be judged."""

from tinynn import Dense, DivergenceError, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    layers = [64, Dense(30, "tanh"), Dense(20, "tanh"), Dense(10, "softmax")]
    net = Network(layers, seed=10, cost="log-likelihood")
    run = net.train(digits.training, 8, 10, 1.0, test_data=digits.test, seed=10)
    try:
        run.finish()
    except DivergenceError:
        pass
    return run
