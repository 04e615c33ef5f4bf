# cause: duplicated test data
import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    x = np.array([list(x) for x, _ in data.training])[:300]
    labels = np.array([data.training.label(i) for i in range(300)])
    # "more data": each example three times, all of it shuffled, and then split
    x, labels = np.repeat(x, 3, axis=0), np.repeat(labels, 3)
    where = np.random.default_rng(3).permutation(len(x))
    mine = DataSet.from_arrays(x[where], labels[where], test=200, classes=10)
    net = Network([64, Dense(40, "relu"), Dense(10, "softmax")], cost="log-likelihood", seed=2)
    run = net.train(mine.training, 15, 10, 0.1, test_data=mine.test, seed=1)
    run.finish()
    return run
