# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, Dense(30, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=4)
    run = net.train(data.training, 25, 5, 0.01, test_data=data.test, seed=4)
    run.finish()
    return run
