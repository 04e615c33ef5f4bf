# healthy
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    # the book's first weights, N(0, 1), before the first epoch
    net = Network([64, 50, 10], cost="cross-entropy", seed=1)
    return net.train(data.training, 20, 10, 0.5, seed=1)
