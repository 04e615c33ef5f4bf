# healthy
from tinynn import Network, Vector


def setup():
    xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    net = Network([2, 3, 1], seed=1)
    run = net.train(xor, 1200, 4, 5.0, seed=0, measure_training=True)
    run.finish()
    return run
