# healthy
import math
import random

from tinynn import Dense, Network, Vector


def setup():
    rng = random.Random(7)
    examples = []
    for _ in range(300):
        p, q = rng.random(), rng.random()
        height = 0.5 + 0.4 * math.sin(5 * p) * math.cos(3 * q)
        # the outputs are heights, not classes
        examples.append((Vector([p, q]), Vector([height, 1 - height])))
    net = Network([2, Dense(8, "tanh"), 2], seed=5)
    run = net.train(examples[:200], 60, 5, 2.0, test_data=examples[200:], seed=5)
    for _ in range(30):
        next(run)
    return run
