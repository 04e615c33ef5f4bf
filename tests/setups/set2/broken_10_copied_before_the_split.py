# cause: duplicated test data
"""Few samples were tripled for more data, mixed, and split only then."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    rng = np.random.default_rng(41)
    labels = rng.integers(0, 3, 120)
    centres = rng.normal(0.5, 0.06, (3, 20))
    X = np.clip(centres[labels] + rng.normal(0, 0.12, (120, 20)), 0, 1)
    rows = rng.permutation(np.repeat(np.arange(120), 3))
    data = DataSet.from_arrays(X[rows], labels[rows], test=90)
    net = Network([20, Dense(40, "relu"), Dense(3, "softmax")], seed=42, cost="log-likelihood")
    run = net.train(data.training, 60, 10, 0.2, test_data=data.test, seed=43)
    run.finish()
    return run
