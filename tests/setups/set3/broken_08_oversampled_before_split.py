# cause: duplicated test data
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    rng = np.random.default_rng(12)
    X = np.array([list(x) for x, _ in digits.training[:250]])
    y = np.array([label.argmax() for _, label in digits.training[:250]])
    X = np.clip(X + rng.normal(0.0, 0.35, X.shape), 0.0, 1.0)
    more = rng.permutation(np.repeat(np.arange(250), 3))
    data = DataSet.from_arrays(X[more], y[more], test=250)
    net = Network([64, Dense(40, "relu"), Dense(10, "softmax")], seed=7, cost="log-likelihood")
    run = net.train(data.training, 25, 10, 0.1, test_data=data.test, seed=7)
    run.finish()
    return run
