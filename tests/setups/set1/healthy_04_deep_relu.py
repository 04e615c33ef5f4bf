# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    layers = [64, *(Dense(30, "relu") for _ in range(4)), Dense(10, "softmax")]
    net = Network(layers, cost="log-likelihood", seed=2)
    run = net.train(
        data.training, 12, 10, 0.1, test_data=data.test, validation_data=data.validation, seed=2
    )
    run.finish()
    return run
