# cause: labels
"""The training labels run from 1 to 10 and one was taken off the wrong part only: the test data."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    examples = [*digits.training, *digits.test]
    X = np.array([list(x) for x, _ in examples])
    labels = np.array([max(range(10), key=lambda j: y[j]) for _, y in examples]) + 1
    labels[1000:] -= 1
    data = DataSet.from_arrays(X, labels, test=500, classes=11)
    net = Network(
        [64, Dense(30), Dense(11, "softmax")], seed=1, cost="log-likelihood", init="scaled"
    )
    run = net.train(data.training, 15, 10, 0.3, test_data=data.test, seed=2)
    run.finish()
    return run
