# healthy
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    examples = list(digits.training)
    X = np.array([np.pad(np.reshape(list(x), (8, 8)), 6).ravel() for x, _ in examples])
    y = np.array([label.argmax() for _, label in examples])
    data = DataSet.from_arrays(X, y, test=300)
    net = Network([400, Dense(30, "relu"), Dense(10, "softmax")], seed=28, cost="log-likelihood")
    run = net.train(data.training, 10, 10, 0.2, test_data=data.test, seed=28)
    for _ in zip(range(5), run):
        pass
    return run
