# right: functools.reduce and lambdas
from functools import reduce
from operator import add, mul

dot = lambda u, v: reduce(add, map(mul, u, v), 0.0)
difference = lambda u, v: list(map(lambda p, q: p - q, u, v))

weighted_sum = lambda weights, inputs: dot(weights, inputs)
cost_change = lambda gradient, delta_v: dot(gradient, delta_v)
hadamard = lambda s, t: list(map(mul, s, t))


def cost(outputs, desired):
    d = difference(desired, outputs)
    return dot(d, d) / 2


def mean_cost(outputs_list, desired_list):
    pairs = list(zip(outputs_list, desired_list))
    return reduce(lambda so_far, pair: so_far + cost(*pair), pairs, 0.0) / len(pairs)


cost_derivative = lambda outputs, desired: difference(outputs, desired)
