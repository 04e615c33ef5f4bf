# healthy
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 60, 10], cost="cross-entropy", init="scaled", seed=2)
    run = net.train(data.training, 25, 20, 1.0, lmbda=2.0, test_data=data.test, seed=2)
    run.finish()
    return run
