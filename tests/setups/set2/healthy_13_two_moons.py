# healthy
"""Two half moons with some noise; the coordinates go below zero."""

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    rng = np.random.default_rng(1121)
    labels = np.arange(400) % 2
    angle = rng.uniform(0, np.pi, 400)
    X = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X[labels == 1] = np.array([1.0, 0.5]) - X[labels == 1]
    X += rng.normal(0, 0.1, X.shape)
    data = DataSet.from_arrays(X, labels, validation=50, test=50)
    net = Network([2, Dense(16, "relu"), Dense(2, "softmax")], seed=1122, cost="log-likelihood")
    run = net.train(
        data.training,
        60,
        10,
        0.5,
        test_data=data.test,
        validation_data=data.validation,
        measure_training=True,
        seed=1123,
    )
    run.finish()
    return run
