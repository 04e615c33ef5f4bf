# cause: initial weights
"""Every weight starts as 0.1, so that all hidden neurons stay the same one."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    net = Network.from_parameters(
        biases=[[0.0] * 20, [0.0] * 10],
        weights=[[[0.1] * 64 for _ in range(20)], [[0.1] * 20 for _ in range(10)]],
        cost="cross-entropy",
    )
    run = net.train(digits.training, 4, 10, 0.5, test_data=digits.test, seed=82)
    for report in run:
        if report.number == 1:
            break
    return run
