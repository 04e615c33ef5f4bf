# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    layers = [64, Dense(80, "relu"), Dense(40, "tanh"), Dense(10, "softmax")]
    net = Network(layers, cost="log-likelihood", seed=7, dtype="float32")
    run = net.train(data.training, 30, 100, 0.4, test_data=data.test, seed=7)
    for _ in range(15):
        next(run)
    return run
