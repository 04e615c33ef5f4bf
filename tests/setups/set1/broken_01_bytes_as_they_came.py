# cause: inputs
from tinynn import Vector, load_digits
from tinynn.fast import Network


def setup():
    data = load_digits()
    # the pixels as bytes, 0 to 255, as an image file has them
    training = [(Vector([round(255 * p) for p in x]), y) for x, y in data.training]
    test = [(Vector([round(255 * p) for p in x]), y) for x, y in data.test]
    net = Network([64, 30, 10], seed=3)
    run = net.train(training, 10, 10, 3.0, test_data=test, seed=3)
    for _ in range(5):
        next(run)
    return run
