# cause: penalty too strong
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 30, 10], cost="cross-entropy", init="scaled", seed=8)
    lmbda = 30.0
    run = net.train(data.training, 12, 10, 0.5, lmbda, test_data=data.test, seed=8)
    for _ in range(8):
        next(run)
    return run
