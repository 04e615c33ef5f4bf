# healthy
from tinynn import Dense, Dropout, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    layers = [64, Dense(100, "relu"), Dropout(0.5), Dense(10, "softmax")]
    net = Network(layers, cost="log-likelihood", seed=0)
    run = net.train(data.training, 12, 10, 0.1, test_data=data.test, measure_training=True, seed=0)
    for _ in range(6):
        next(run)
    return run
