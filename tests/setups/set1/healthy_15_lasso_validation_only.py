# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, Dense(40, "tanh"), Dense(10)], cost="cross-entropy", seed=9)
    run = net.train(data.training, 10, 10, 0.1, 0.3, "L1", validation_data=data.validation, seed=9)
    for _ in range(7):
        next(run)
    return run
