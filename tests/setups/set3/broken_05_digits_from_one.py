# cause: labels
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    X = np.array([list(x) for x, _ in digits.training])
    y = np.array([label.argmax() for _, label in digits.training])
    training = DataSet.from_arrays(X, (y + 1) % 10, classes=10).training
    net = Network([64, 30, 10], seed=6, cost="cross-entropy", init="scaled")
    run = net.train(training, 6, 10, 0.5, validation_data=digits.validation, seed=6)
    for _ in zip(range(3), run):
        pass
    return run
