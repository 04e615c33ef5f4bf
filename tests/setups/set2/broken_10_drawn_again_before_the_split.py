# cause: duplicated test data
"""Three hundred images were drawn with replacement to have a thousand, and split only then."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    pool = digits.training[:300]
    X = np.array([list(x) for x, _ in pool])
    labels = np.array([max(range(10), key=lambda j: y[j]) for _, y in pool])
    rows = np.random.default_rng(41).integers(0, 300, 1000)
    data = DataSet.from_arrays(X[rows], labels[rows], test=250)
    net = Network([64, Dense(30, "relu"), Dense(10, "softmax")], seed=42, cost="log-likelihood")
    run = net.train(data.training, 15, 10, 0.1, test_data=data.test, seed=43)
    run.finish()
    return run
