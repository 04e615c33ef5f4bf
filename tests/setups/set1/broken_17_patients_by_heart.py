# cause: overfitting
import numpy as np

from tinynn import DataSet, Dense
from tinynn.fast import Network


def setup():
    rng = np.random.default_rng(3)
    sick = rng.integers(0, 2, 900)
    # eight blood values, standardised: those of the sick and of the healthy overlap
    x = rng.normal(0.0, 1.0, (900, 8)) + 0.55 * (sick[:, None] - 0.5)
    mine = DataSet.from_arrays(x, sick, test=600)
    net = Network([8, Dense(40, "relu"), Dense(2, "softmax")], cost="log-likelihood", seed=1)
    lmbda = 0.0
    run = net.train(
        mine.training, 200, 10, 0.2, lmbda, test_data=mine.test, measure_training=True, seed=1
    )
    run.finish()
    return run
