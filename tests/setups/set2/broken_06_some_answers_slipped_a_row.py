# cause: labels
"""A spreadsheet in which the answers of rows 300 to 799 slipped down by one row."""

from tinynn import Network, load_digits


def setup():
    digits = load_digits()
    images = [x for x, _ in digits.training]
    answers = [y for _, y in digits.training]
    answers[300:800] = [answers[799], *answers[300:799]]
    training = list(zip(images, answers))
    net = Network([64, 25, 10], seed=8, cost="cross-entropy", init="scaled")
    run = net.train(training, 4, 10, 0.5, test_data=digits.test, seed=9)
    for report in run:
        if report.number == 2:
            break
    return run
