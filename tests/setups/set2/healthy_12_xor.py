# healthy
"""Four examples, seventeen weights, and they are tested on, as there are no others."""

from tinynn import Dense, Network, Vector


def setup():
    xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    net = Network([2, Dense(4, "tanh"), Dense(1)], seed=1111, cost="cross-entropy")
    run = net.train(xor, 300, 4, 0.5, test_data=xor, seed=1112)
    for report in run:
        if report.number == 250:
            break
    return run
