# cause: overfitting
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    """Return the run."""
    rng = np.random.default_rng(21)
    y = rng.integers(0, 2, 700)
    X = 0.5 + 0.2 * rng.normal(0.0, 1.0, (700, 30))
    X[:, :10] += np.where(y[:, None] == 1, 0.09, -0.09)
    data = DataSet.from_arrays(X, y, test=500)
    net = Network([30, Dense(40, "tanh"), Dense(2, "softmax")], seed=4, cost="log-likelihood")
    run = net.train(
        data.training, 200, 10, 0.3, test_data=data.test, measure_training=True, seed=4
    )
    run.finish()
    return run
