# cause: penalty too strong
"""The λ that suited tens of thousands of images, on 600."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    net = Network([64, 20, 10], seed=151, cost="cross-entropy", init="scaled")
    run = net.train(
        digits.training[:600], 6, 10, 0.5, 15.0, validation_data=digits.validation, seed=152
    )
    for report in run:
        if report.number == 3:
            break
    return run
