# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, Dense(300, "relu"), Dense(10, "softmax")], cost="log-likelihood", seed=3)
    run = net.train(data.training, 3, 10, 0.1, test_data=data.test, seed=3)
    run.finish()
    return run
