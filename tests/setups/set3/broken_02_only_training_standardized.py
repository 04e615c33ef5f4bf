# cause: inputs
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    X = 16 * np.array([list(x) for x, _ in digits.training])
    y = np.array([label.argmax() for _, label in digits.training])
    X_test = 16 * np.array([list(x) for x, _ in digits.test])
    y_test = np.array([label.argmax() for _, label in digits.test])
    X = (X - X.mean(axis=0)) / (X.std(axis=0) + 0.1)
    training = DataSet.from_arrays(X, y, classes=10).training
    test = DataSet.from_arrays(X_test, y_test, classes=10).training
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], seed=5, cost="log-likelihood")
    run = net.train(training, 8, 10, 0.1, test_data=test, seed=5)
    run.finish()
    return run
