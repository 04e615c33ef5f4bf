# cause: labels
import random

from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    xs = [x for x, _ in data.training]
    ys = [y for _, y in data.training]
    # meant to shuffle the examples; shuffles only the images
    random.Random(8).shuffle(xs)
    training = list(zip(xs, ys))
    net = Network([64, Dense(40, "relu"), Dense(10, "softmax")], cost="log-likelihood", seed=5)
    run = net.train(
        training, 6, 10, 0.05, test_data=data.test, validation_data=data.validation, seed=5
    )
    for _ in range(3):
        next(run)
    return run
