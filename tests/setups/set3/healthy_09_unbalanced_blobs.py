# healthy
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    """Return the run."""
    rng = np.random.default_rng(29)
    labels = rng.choice(3, 800, p=[0.75, 0.17, 0.08])
    centres = np.array([[0.3, 0.3], [0.7, 0.4], [0.4, 0.8]])
    X = centres[labels] + rng.normal(0.0, 0.08, (800, 2))
    data = DataSet.from_arrays(X, labels, test=250, classes=3)
    net = Network([2, Dense(10, "tanh"), Dense(3, "softmax")], seed=29, cost="log-likelihood")
    run = net.train(data.training, 15, 10, 0.3, test_data=data.test, seed=29)
    run.finish()
    return run
