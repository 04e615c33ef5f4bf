# healthy
"""An L1 penalty that drives most first weights to zero and hurts nothing."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    net = Network([64, 20, 10], seed=1151, cost="cross-entropy", init="scaled")
    run = net.train(
        digits.training, 8, 10, 0.5, 0.3, "L1", validation_data=digits.validation, seed=1152
    )
    for report in run:
        if report.number == 2:
            break
    return run
