# cause: learning rate too low
"""A rate of a fifth, with sigmoid neurons and the quadratic cost, for eight epochs."""

from tinynn import load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    net = Network([64, 30, 10], seed=1)
    run = net.train(
        digits.training,
        8,
        10,
        0.2,
        validation_data=digits.validation,
        measure_training=True,
        seed=62,
    )
    run.finish()
    return run
