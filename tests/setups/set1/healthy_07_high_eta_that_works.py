# healthy
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 30, 10], init="scaled", seed=0)
    run = net.train(data.training, 15, 10, 8.0, test_data=data.test, seed=0)
    for _ in range(8):
        next(run)
    return run
