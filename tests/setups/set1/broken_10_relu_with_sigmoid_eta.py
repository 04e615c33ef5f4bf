# cause: learning rate too high
from tinynn import Dense, DivergenceError, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    layers = [64, Dense(40, "relu"), Dense(10, "softmax")]
    net = Network(layers, cost="log-likelihood", seed=7)
    eta = 1.0  # the η that was right for sigmoid neurons
    run = net.train(data.training, 10, 10, eta, test_data=data.test, seed=7)
    try:
        for _ in range(6):
            next(run)
    except DivergenceError:
        pass
    return run
