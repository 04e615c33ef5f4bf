# healthy
"""A run to be judged."""

from tinynn import Dense, Network, Vector


def setup():
    """Return the run."""
    xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    net = Network([2, Dense(4, "tanh"), 1], seed=1)
    run = net.train(xor, 800, 4, 3.0, test_data=xor, seed=0)
    run.finish()
    return run
