# cause: order
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, Network, load_digits


def setup():
    """Return the run."""
    digits = load_digits()
    examples = list(digits.training)
    X = np.array([list(x) for x, _ in examples])
    y = np.array([label.argmax() for _, label in examples])
    by_class = np.argsort(y, kind="stable")
    data = DataSet.from_arrays(X[by_class], y[by_class], test=300, classes=10)
    net = Network([64, Dense(24, "relu"), Dense(10, "softmax")], seed=9, cost="log-likelihood")
    return net.train(data.training, 10, 10, 0.1, test_data=data.test, seed=9)
