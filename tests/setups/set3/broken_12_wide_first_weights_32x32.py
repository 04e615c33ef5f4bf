# cause: initial weights
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    X = np.array(
        [np.kron(np.reshape(list(x), (8, 8)), np.ones((4, 4))) for x, _ in digits.training]
    )
    y = np.array([label.argmax() for _, label in digits.training])
    data = DataSet.from_arrays(X.reshape(1000, 1024), y, test=300)
    net = Network([1024, Dense(30, "tanh"), Dense(20, "tanh"), 10], seed=3, init="large")
    run = net.train(data.training, 6, 10, 0.3, test_data=data.test, seed=3)
    for _ in zip(range(3), run):
        pass
    return run
