# healthy
"""Two numbers to be learnt from two numbers: no output is ever a clear 0 or 1."""

from math import cos, pi, sin

import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    rng = np.random.default_rng(1101)
    X = rng.random((500, 2))
    targets = np.array([[0.5 + 0.4 * sin(pi * p) * cos(pi * q), 0.5 + 0.3 * (q - p)] for p, q in X])
    data = DataSet.from_arrays(X, targets, test=100)
    net = Network([2, Dense(20, "tanh"), Dense(2)], seed=1102)
    run = net.train(data.training, 80, 10, 0.5, test_data=data.test, seed=1103)
    run.finish()
    return run
