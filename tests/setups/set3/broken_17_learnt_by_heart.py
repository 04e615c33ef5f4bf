# cause: overfitting
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    """Return the run."""
    rng = np.random.default_rng(22)
    labels = rng.integers(0, 2, 650)
    X = rng.normal(0.0, 1.0, (650, 5))
    X += np.where(labels[:, None] == 1, 0.4, -0.4)
    data = DataSet.from_arrays(X, labels, test=500)
    net = Network([5, Dense(40, "tanh"), Dense(2, "softmax")], seed=4, cost="log-likelihood")
    run = net.train(data.training, 400, 10, 0.3, test_data=data.test, measure_training=True, seed=4)
    run.finish()
    return run
