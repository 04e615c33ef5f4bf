# cause: learning rate too low
"""A rate of three thousandths, for five epochs of a sigmoid network."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, 30, 10], seed=61)
    run = net.train(
        digits.training,
        8,
        10,
        0.01,
        validation_data=digits.validation,
        measure_training=True,
        seed=62,
    )
    run.finish()
    return run
