# cause: momentum
"""A coefficient of momentum of 0.99, beside a rate that was chosen without any."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], seed=141, cost="log-likelihood")
    run = net.train(digits.training, 10, 10, 0.05, mu=0.99, test_data=digits.test, seed=142)
    for report in run:
        if report.number == 5:
            break
    return run
