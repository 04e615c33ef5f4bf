# cause: learning rate too low
from tinynn import Dense, Network, load_digits


def setup():
    data = load_digits()
    training, test = data.training[:300], data.test[:100]
    net = Network([64, Dense(12, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=1)
    eta = 0.002
    run = net.train(training, 5, 20, eta, test_data=test, seed=3)
    run.finish()
    return run
