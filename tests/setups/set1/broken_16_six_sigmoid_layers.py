# cause: vanishing gradient
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 30, 30, 30, 30, 30, 30, 10], cost="cross-entropy", init="scaled", seed=3)
    run = net.train(data.training, 10, 10, 0.5, test_data=data.test, seed=4)
    for _ in range(6):
        next(run)
    return run
