# healthy
from tinynn import Network, load_digits


def setup():
    data = load_digits()
    net = Network([64, 15, 10], cost="cross-entropy", init="scaled", seed=1)
    run = net.train(data.training[:300], 16, 5, 0.5, test_data=data.test[:100], seed=1)
    for _ in range(8):
        next(run)
    return run
