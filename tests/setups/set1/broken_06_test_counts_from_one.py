# cause: labels
import numpy as np

from tinynn import DataSet, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    x = np.array([list(x) for x, _ in data.training])
    labels = np.array([data.training.label(i) for i in range(1000)])
    test_x = np.array([list(x) for x, _ in data.test])
    test_labels = np.array([data.test.label(i) for i in range(500)])
    # the test file numbers the classes from 1, and 10 is cut to 0
    test_labels = (test_labels + 1) % 10
    training = DataSet.from_arrays(x, labels, classes=10).training
    test = DataSet.from_arrays(test_x, test_labels, classes=10).training
    net = Network([64, 30, 10], cost="cross-entropy", init="scaled", seed=6)
    run = net.train(training, 8, 10, 0.5, test_data=test, seed=7)
    run.finish()
    return run
