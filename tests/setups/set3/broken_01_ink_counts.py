# cause: inputs
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, load_digits
from tinynn.fast import Network


def setup():
    """Return the run."""
    digits = load_digits()
    examples = list(digits.training) + list(digits.test)
    X = np.array([np.round(16 * np.array(list(x))) for x, _ in examples])
    y = np.array([label.argmax() for _, label in examples])
    data = DataSet.from_arrays(X, y, test=500)
    net = Network([64, 25, 10], seed=3)
    run = net.train(data.training, 6, 10, 3.0, test_data=data.test, seed=3)
    for _ in zip(range(2), run):
        pass
    return run
