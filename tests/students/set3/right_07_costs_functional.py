# right: comprehensions, map, reduce and the operator module
from functools import reduce
from operator import add, mul, sub


def hadamard(s, t):
    return list(map(mul, s, t))


def cost_derivative(outputs, desired):
    return list(map(sub, outputs, desired))


def cost(outputs, desired):
    gaps = cost_derivative(outputs, desired)
    return reduce(add, hadamard(gaps, gaps), 0) / 2


def mean_cost(outputs_list, desired_list):
    return reduce(add, map(cost, outputs_list, desired_list), 0) / len(outputs_list)


def cost_change(gradient, delta_v):
    return reduce(add, hadamard(gradient, delta_v), 0)
