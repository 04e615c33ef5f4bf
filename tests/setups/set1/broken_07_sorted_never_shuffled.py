# cause: order
import random

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    class Still(random.Random):
        def shuffle(self, x):
            pass  # so that the run is "repeatable"

    data = load_digits()
    where = sorted(range(len(data.training)), key=data.training.label)
    training = [data.training[i] for i in where]
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=4)
    run = net.train(training, 8, 10, 0.1, test_data=data.test, rng=Still(0))
    for _ in range(4):
        next(run)
    return run
