# healthy
"""Each digit in the middle of 16 x 16 pixels: three quarters of the inputs are always zero."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    digits = load_digits()
    examples = [*digits.training, *digits.test]
    X = np.zeros((len(examples), 16, 16))
    X[:, 4:12, 4:12] = np.array([list(x) for x, _ in examples]).reshape(-1, 8, 8)
    labels = np.array([max(range(10), key=lambda j: y[j]) for _, y in examples])
    data = DataSet.from_arrays(X.reshape(-1, 256), labels, test=500)
    net = Network([256, Dense(30, "tanh"), Dense(10, "softmax")], seed=1081, cost="log-likelihood")
    run = net.train(data.training, 15, 10, 0.1, test_data=data.test, seed=1082)
    run.finish()
    return run
