# cause: constant feature
"""Seven measurements from 0 to 1 of each day, and the room that was kept at 20 degrees."""

import random

from tinynn import Dense, Network, Vector


def setup():
    rng = random.Random(21)
    days = []
    for _ in range(400):
        x = [rng.random() for _ in range(7)]
        warm = 2 * x[0] + x[1] - x[2] + 0.5 * x[3] > 1.2
        days.append((Vector([*x, 20.0]), Vector([1.0, 0.0]) if warm else Vector([0.0, 1.0])))
    net = Network([8, Dense(12, "tanh"), Dense(2)], seed=22, cost="cross-entropy")
    run = net.train(days[:300], 20, 10, 0.5, test_data=days[300:], seed=23)
    for report in run:
        if report.number == 9:
            break
    return run
