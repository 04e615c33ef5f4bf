# healthy
from tinynn import Dense, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    # in the order of the classes, but the run shuffles
    where = sorted(range(len(data.training)), key=data.training.label)
    training = [data.training[i] for i in where]
    net = Network([64, Dense(30, "relu"), Dense(10, "softmax")], cost="log-likelihood", seed=3)
    run = net.train(training, 6, 10, 0.1, validation_data=data.validation, seed=12)
    for _ in range(2):
        next(run)
    return run
