# cause: inputs
import random

from tinynn import Dense, Network, Vector


def setup():
    rng = random.Random(5)
    examples = []
    for _ in range(360):
        age, income, children = rng.uniform(18, 80), rng.uniform(12000, 90000), rng.randrange(5)
        buys = int((age - 49) / 31 + (income - 51000) / 39000 > (children - 2) / 2)
        # each as it stands in the table: years, euros a year, a count
        x = [age, income, children]
        examples.append((Vector(x), Vector([1 - buys, buys])))
    net = Network([3, Dense(6, "tanh"), Dense(2)], cost="cross-entropy", seed=2)
    return net.train(examples[:240], 10, 10, 0.3, test_data=examples[240:], seed=4)
