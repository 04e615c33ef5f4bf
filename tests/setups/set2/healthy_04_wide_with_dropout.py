# healthy
"""Two hundred ReLU neurons, half of them dropped: the training cost jumps about."""

from tinynn import Dense, Dropout, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network(
        [64, Dense(200, "relu"), Dropout(0.5), Dense(10, "softmax")],
        seed=1031,
        cost="log-likelihood",
    )
    run = net.train(
        digits.training, 12, 10, 0.1, test_data=digits.test, measure_training=True, seed=1032
    )
    run.finish()
    return run
