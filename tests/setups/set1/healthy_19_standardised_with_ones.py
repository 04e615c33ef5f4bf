# healthy
import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    parts = [np.array([list(x) for x, _ in part]) for part in data]
    mean, std = parts[0].mean(axis=0), parts[0].std(axis=0) + 0.05
    sets = []
    for part, x in zip(data, parts):
        # mean 0, deviation about 1, and a column of ones as in statistics
        x = np.column_stack([(x - mean) / std, np.ones(len(x))])
        labels = np.array([part.label(i) for i in range(len(part))])
        sets.append(DataSet.from_arrays(x, labels, classes=10).training)
    net = Network([65, Dense(40, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=2)
    run = net.train(sets[0], 6, 10, 0.03, test_data=sets[2], validation_data=sets[1], seed=4)
    run.finish()
    return run
