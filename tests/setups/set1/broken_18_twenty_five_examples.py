# cause: more network than data
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    training = [data.training[i] for i in range(100, 125)]
    net = Network([64, Dense(200, "relu"), Dense(10, "softmax")], cost="log-likelihood", seed=2)
    run = net.train(
        training, 20, 5, 0.1, test_data=data.test, validation_data=data.validation, seed=2
    )
    for _ in range(15):
        next(run)
    return run
