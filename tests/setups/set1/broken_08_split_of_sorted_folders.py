# cause: order
import numpy as np

from tinynn import DataSet, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    x = np.array([list(x) for part in data for x, _ in part])
    labels = np.array([part.label(i) for part in data for i in range(len(part))])
    # read folder by folder, 0 to 9, and then split at the end
    where = np.argsort(labels, kind="stable")
    mine = DataSet.from_arrays(x[where], labels[where], test=450, classes=10)
    net = Network([64, 30, 10], seed=9)
    run = net.train(mine.training, 6, 10, 3.0, test_data=mine.test, seed=9)
    run.finish()
    return run
