# cause: initial weights
import numpy as np

from tinynn import DataSet, Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    parts = []
    for part in (data.training, data.validation):
        # each pixel becomes 3×3 pixels: 576 inputs
        x = np.array(
            [np.kron(np.reshape(list(x), (8, 8)), np.ones((3, 3))).ravel() for x, _ in part]
        )
        labels = np.array([part.label(i) for i in range(len(part))])
        parts.append(DataSet.from_arrays(x, labels, classes=10).training)
    layers = [576, Dense(40, "tanh"), Dense(40, "tanh"), Dense(10)]
    net = Network(layers, cost="cross-entropy", init="large", seed=0)
    run = net.train(parts[0], 6, 10, 0.1, validation_data=parts[1], seed=0)
    for _ in range(3):
        next(run)
    return run
