# cause: initial weights
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 30, 10], cost="cross-entropy", seed=0)
    for w, b in zip(net.weights, net.biases):
        w[:] = 0.1
        b[:] = 0.0
    return net.train(data.training, 10, 10, 0.5, test_data=data.test, seed=0)
