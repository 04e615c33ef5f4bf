# healthy
"""Four hidden layers of ReLU neurons, in the middle of the run."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    layers = [64, *(Dense(40, "relu") for _ in range(4)), Dense(10, "softmax")]
    net = Network(layers, seed=7, cost="log-likelihood")
    run = net.train(digits.training, 20, 10, 0.05, test_data=digits.test, seed=1042)
    for report in run:
        if report.number == 7:
            break
    return run
