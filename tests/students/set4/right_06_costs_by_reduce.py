# right: functools.reduce, map and operator, one line a function
from functools import reduce
from operator import add, mul, sub


def add_up(numbers):
    return reduce(add, numbers, 0)


def cost(outputs, desired):
    misses = map(sub, desired, outputs)
    return add_up(miss ** 2 for miss in misses) / 2


def mean_cost(outputs_list, desired_list):
    return add_up(map(cost, outputs_list, desired_list)) / len(outputs_list)


def cost_derivative(outputs, desired):
    return list(map(sub, outputs, desired))


def hadamard(s, t):
    return list(map(mul, s, t))


def cost_change(gradient, delta_v):
    return add_up(map(mul, gradient, delta_v))
