# healthy
"""Nesterov's momentum of 0.95 with a small rate, and a fifth of the inputs dropped."""

from tinynn import Dense, Dropout, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    layers = [64, Dropout(0.2), Dense(60, "relu"), Dense(10, "softmax")]
    net = Network(layers, seed=1131, cost="log-likelihood", dtype="float32")
    run = net.train(
        digits.training, 15, 10, 0.005, mu=0.95, nesterov=True, test_data=digits.test, seed=1132
    )
    for report in run:
        if report.number == 8:
            break
    return run
