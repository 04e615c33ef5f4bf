# cause: inputs
"""The columns of the training images were standardised; the test images were forgotten."""

import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def arrays(examples):
    X = np.array([[16 * value for value in x] for x, _ in examples])
    labels = np.array([max(range(10), key=lambda j: y[j]) for _, y in examples])
    return X, labels


def setup():
    digits = load_digits()
    X, labels = arrays(digits.training)
    X_test, labels_test = arrays(digits.test)
    mean, spread = X.mean(axis=0), X.std(axis=0) + 0.1
    X = (X - mean) / spread
    data = DataSet.from_arrays(
        np.concatenate([X, X_test]), np.concatenate([labels, labels_test]), test=len(X_test)
    )
    net = Network([64, Dense(40, "tanh"), Dense(10, "softmax")], seed=11, cost="log-likelihood")
    run = net.train(data.training, 8, 20, 0.1, test_data=data.test, seed=12)
    run.finish()
    return run
