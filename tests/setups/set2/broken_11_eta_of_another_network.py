# cause: learning rate too high
"""The rate of a sigmoid network, kept when its neurons became ReLU and softmax."""

from tinynn import Dense, DivergenceError, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network(
        [64, Dense(30, "relu"), Dense(20, "relu"), Dense(10, "softmax")],
        seed=51,
        cost="log-likelihood",
    )
    run = net.train(digits.training, 10, 10, 0.7, test_data=digits.test, seed=52)
    try:
        for report in run:
            if report.number == 4:
                break
    except DivergenceError:
        pass
    return run
