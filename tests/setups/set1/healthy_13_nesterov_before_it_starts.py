# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    net = Network([64, Dense(50, "tanh"), Dense(10, "softmax")], cost="log-likelihood", seed=6)
    return net.train(data.training, 8, 10, 0.02, mu=0.9, nesterov=True, test_data=data.test, seed=6)
