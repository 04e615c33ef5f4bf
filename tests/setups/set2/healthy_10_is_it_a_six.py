# healthy
"""One output that says whether a digit is a 6: nine of ten examples say no."""

from tinynn import Network, Vector, load_digits


def sixes(examples):
    return [(x, Vector([y[6]])) for x, y in examples]


def setup():
    digits = load_digits()
    net = Network([64, 6, 1], seed=1091, cost="cross-entropy", init="scaled")
    run = net.train(
        sixes(digits.training)[:700], 5, 10, 0.5, test_data=sixes(digits.test), seed=1092
    )
    run.finish()
    return run
