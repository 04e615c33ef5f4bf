# healthy
"""Five feature maps, pooled, in the middle of the run."""

from tinynn import Convolution, Dense, MaxPooling, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    layers = [(1, 8, 8), Convolution(5, 3, "relu"), MaxPooling(2), Dense(10, "softmax")]
    net = Network(layers, seed=1161, cost="log-likelihood")
    run = net.train(digits.training, 12, 10, 0.1, test_data=digits.test, seed=1162)
    for report in run:
        if report.number == 5:
            break
    return run
