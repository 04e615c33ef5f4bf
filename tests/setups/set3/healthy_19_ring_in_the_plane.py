# healthy
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    """Return the run."""
    rng = np.random.default_rng(39)
    X = rng.uniform(-1.0, 1.0, (900, 2))
    labels = (np.hypot(X[:, 0], X[:, 1]) < 0.75).astype(int)
    data = DataSet.from_arrays(X, labels, validation=100, test=200)
    net = Network([2, Dense(16, "relu"), Dense(2, "softmax")], seed=39, cost="log-likelihood")
    run = net.train(
        data.training, 40, 10, 0.1, test_data=data.test, validation_data=data.validation, seed=39
    )
    run.finish()
    return run
