# cause: dead
"""ReLU neurons of which all but a few have a bias that no image overcomes."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, Dense(32, "relu"), Dense(10, "softmax")], seed=101, cost="log-likelihood")
    for j in range(28):
        net.biases[0][j] = -12.0 - j % 5
    run = net.train(digits.training, 10, 10, 0.1, test_data=digits.test, seed=102)
    for report in run:
        if report.number == 4:
            break
    return run
