# healthy
"""Only the digits 0 to 4, sorted but shuffled by the run, and ten outputs; a column of ones."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    rows, labels = [], []
    for x, y in digits.training:
        label = max(range(10), key=lambda j: y[j])
        if label < 5:
            rows.append([*x, 1.0])
            labels.append(label)
    rows, labels = np.array(rows), np.array(labels)
    order = np.argsort(labels, kind="stable")
    training = DataSet.from_arrays(rows[order], labels[order], classes=10).training
    test = [
        ([*x, 1.0], max(range(10), key=lambda j: y[j])) for x, y in digits.test if max(y[0:5]) == 1
    ]
    test = DataSet.from_arrays(
        np.array([x for x, _ in test]), np.array([label for _, label in test]), classes=10
    ).training
    net = Network([65, Dense(25, "relu"), Dense(10, "softmax")], seed=1181, cost="log-likelihood")
    run = net.train(training, 10, 10, 0.1, test_data=test, seed=1182)
    for report in run:
        if report.number == 3:
            break
    return run
