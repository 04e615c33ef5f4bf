# cause: more network than data
"""Nearly fifteen thousand weights, and thirty images to learn them from."""

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, Dense(200, "relu"), Dense(10, "softmax")], seed=131, cost="log-likelihood")
    run = net.train(digits.training[:30], 40, 5, 0.1, test_data=digits.test, seed=132)
    run.finish()
    return run
