# cause: saturated
import numpy as np

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 30, 10], cost="cross-entropy", init="scaled", seed=11)
    # someone's own first biases
    net.biases[0][:] = np.random.default_rng(1).choice([-40.0, 40.0], 30)
    run = net.train(data.training, 8, 10, 0.5, test_data=data.test, seed=2)
    for _ in range(4):
        next(run)
    return run
