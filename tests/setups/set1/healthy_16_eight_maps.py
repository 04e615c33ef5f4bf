# healthy
from tinynn import Convolution, Dense, MaxPooling, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    layers = [(1, 8, 8), Convolution(8, 3, "relu"), MaxPooling(2), Dense(10, "softmax")]
    net = Network(layers, cost="log-likelihood", seed=1)
    run = net.train(data.training, 10, 10, 0.3, test_data=data.test, seed=1)
    for _ in range(4):
        next(run)
    return run
