# cause: momentum
from tinynn import load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, 30, 10], cost="cross-entropy", init="scaled", seed=5)
    mu = 0.99  # "more momentum is faster"
    run = net.train(data.training, 10, 10, 0.5, mu=mu, test_data=data.test, seed=6)
    for _ in range(5):
        next(run)
    return run
