# cause: overfitting
"""Two overlapping clouds of points, and training that goes on long after the best epoch."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    rng = np.random.default_rng(121)
    labels = rng.integers(0, 2, 1200)
    X = rng.normal(0.0, 1.0, (1200, 12))
    X[:, 0] += np.where(labels == 1, 1.0, -1.0)
    data = DataSet.from_arrays(X, labels, test=600)
    net = Network([12, Dense(60, "tanh"), Dense(2, "softmax")], seed=122, cost="log-likelihood")
    run = net.train(
        data.training, 80, 10, 0.1, test_data=data.test, measure_training=True, seed=123
    )
    run.finish()
    return run
