# cause: labels
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    X = np.array([list(x) for x, _ in digits.training])
    y = np.array([label.argmax() for _, label in digits.training])
    y[400:] = np.roll(y[400:], 1)
    training = DataSet.from_arrays(X, y).training
    net = Network([64, Dense(20, "relu"), Dense(10, "softmax")], seed=1, cost="log-likelihood")
    run = net.train(training, 10, 10, 0.05, test_data=digits.test, seed=1)
    run.finish()
    return run
