# healthy
"""Every pixel with mean 0 and spread 1 where it varies, so that some inputs reach 5 or more."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    examples = [*digits.training, *digits.validation, *digits.test]
    X = np.array([list(x) for x, _ in examples])
    labels = np.array([max(range(10), key=lambda j: y[j]) for _, y in examples])
    mean, spread = X[:1000].mean(axis=0), X[:1000].std(axis=0)
    X = np.clip((X - mean) / np.where(spread > 0.05, spread, 1.0), -6.0, 6.0)
    data = DataSet.from_arrays(X, labels, validation=297, test=500)
    net = Network([64, Dense(50, "tanh"), Dense(10, "softmax")], seed=1191, cost="log-likelihood")
    run = net.train(data.training, 10, 20, 0.1, validation_data=data.validation, seed=1192)
    run.finish()
    return run
