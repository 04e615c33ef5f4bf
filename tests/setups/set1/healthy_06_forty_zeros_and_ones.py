# healthy
from tinynn import Network, Vector, load_digits


def setup():
    data = load_digits()
    few = []
    for part, count in ((data.training, 40), (data.test, 80)):
        where = [i for i in range(len(part)) if part.label(i) < 2][:count]
        few.append([(part[i][0], Vector([part.label(i)])) for i in where])
    net = Network([64, 5, 1], seed=2)
    run = net.train(few[0], 30, 5, 1.0, test_data=few[1], seed=2)
    for _ in range(20):
        next(run)
    return run
