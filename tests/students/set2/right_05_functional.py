# right: functools.reduce, operator, map and lambdas
from functools import partial, reduce
from itertools import starmap
from math import exp
from operator import add, mul, sub

weighted_sum = lambda weights, inputs: reduce(add, map(mul, weights, inputs), 0)
perceptron_threshold = lambda weights, inputs, threshold: int(weighted_sum(weights, inputs) > threshold)
perceptron = lambda weights, inputs, bias: perceptron_threshold(weights, inputs, -bias)
sigmoid = lambda z: 1 / (1 + exp(-z)) if z > -700 else exp(z)
hadamard = lambda s, t: list(map(mul, s, t))
cost_derivative = lambda outputs, desired: list(map(sub, outputs, desired))
cost = lambda outputs, desired: reduce(lambda c, d: c + d * d, cost_derivative(outputs, desired), 0) / 2
mean_cost = lambda outputs_list, desired_list: (
    reduce(add, starmap(cost, zip(outputs_list, desired_list))) / len(outputs_list)
)
cost_change = weighted_sum
descent_step = lambda gradient, eta: list(map(partial(mul, -eta), gradient))
update = lambda v, gradient, eta: list(map(add, v, descent_step(gradient, eta)))
mean_gradient = lambda gradients: [
    part / len(gradients) for part in reduce(lambda s, g: list(map(add, s, g)), gradients)
]
