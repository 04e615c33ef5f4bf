# healthy
import numpy as np

from tinynn import DataSet, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    parts = []
    for part in (data.training, data.test):
        x = np.array([list(x) for x, _ in part])
        # one in ten is a 7, the others are not
        labels = np.array([int(part.label(i) == 7) for i in range(len(part))])
        parts.append(DataSet.from_arrays(x, labels, classes=2).training)
    net = Network([64, 20, 2], cost="cross-entropy", init="scaled", seed=3)
    run = net.train(parts[0], 10, 10, 0.5, test_data=parts[1], seed=3)
    run.finish()
    return run
