# cause: constant feature
import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    parts = []
    for part in (data.training, data.test):
        x = np.array([list(x) for x, _ in part])
        # the year of the scan goes with each image
        x = np.column_stack([x, np.full(len(x), 1998.0)])
        labels = np.array([part.label(i) for i in range(len(part))])
        parts.append(DataSet.from_arrays(x, labels, classes=10).training)
    net = Network([65, Dense(30, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=0)
    run = net.train(parts[0], 10, 10, 0.1, test_data=parts[1], seed=1)
    for _ in range(4):
        next(run)
    return run
