# healthy
"""A run to be judged."""

import numpy as np

from tinynn import Dense, Vector
from tinynn.fast import Network


def setup():
    """Return the run."""
    rng = np.random.default_rng(30)
    examples = []
    for _ in range(500):
        u, v = rng.uniform(0.0, 1.0, 2)
        y = Vector([0.2 + 0.6 * u * v, 0.8 - 0.5 * (u - 0.2) ** 2 - 0.4 * v])
        examples.append((Vector([u, v]), y))
    net = Network([2, Dense(12, "tanh"), Dense(2, "linear")], seed=30)
    run = net.train(examples[:400], 40, 10, 0.1, test_data=examples[400:], seed=30)
    run.finish()
    return run
