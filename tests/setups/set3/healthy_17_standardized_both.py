# healthy
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    examples = list(digits.training) + list(digits.test)
    X = np.array([list(x) for x, _ in examples])
    y = np.array([label.argmax() for _, label in examples])
    X = (X - X[:1000].mean(axis=0)) / (X[:1000].std(axis=0) + 0.05)
    data = DataSet.from_arrays(X, y, test=500)
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], seed=37, cost="log-likelihood")
    run = net.train(data.training, 6, 10, 0.05, test_data=data.test, seed=37)
    for _ in zip(range(3), run):
        pass
    return run
