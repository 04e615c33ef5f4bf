# cause: constant feature
"""A run to be judged."""

import numpy as np

from tinynn import DataSet, Network


def setup():
    """Return the run."""
    rng = np.random.default_rng(8)
    labels = rng.integers(0, 3, 500)
    centres = np.array([[0.2, 0.3, 0.6, 0.5], [0.7, 0.4, 0.2, 0.5], [0.5, 0.8, 0.7, 0.3]])
    X = centres[labels] + rng.normal(0.0, 0.1, (500, 4))
    temperature = np.full((500, 1), 30.0)
    X = np.hstack([X, temperature])
    data = DataSet.from_arrays(X, labels, test=150)
    net = Network([5, 12, 3], seed=2)
    run = net.train(data.training, 12, 10, 2.0, test_data=data.test, seed=2)
    for _ in zip(range(5), run):
        pass
    return run
