# cause: inputs
import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    x = np.array([list(x) for x, _ in data.training])
    labels = np.array([data.training.label(i) for i in range(len(data.training))])
    test_x = np.array([list(x) for x, _ in data.test])
    test_labels = np.array([data.test.label(i) for i in range(len(data.test))])
    mean, std = x.mean(axis=0), x.std(axis=0) + 0.01
    x = (x - mean) / std
    # forgotten: the same for the test images
    training = DataSet.from_arrays(x, labels, classes=10).training
    test = DataSet.from_arrays(test_x, test_labels, classes=10).training
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=1)
    run = net.train(training, 8, 10, 0.03, test_data=test, seed=2)
    run.finish()
    return run
