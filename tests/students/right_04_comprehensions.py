from math import exp, fsum


def sigmoid(z):
    return 1 / (1 + exp(-z)) if z > -700 else exp(z)


def weighted_input(w, a, b):
    return [fsum(x * y for x, y in zip(row, a)) + c for row, c in zip(w, b)]


def feedforward(biases, weights, x):
    for b, w in zip(biases, weights):
        x = [sigmoid(z) for z in weighted_input(w, x, b)]
    return x


def cost(a, y):
    return sum((p - q) ** 2 for p, q in zip(a, y)) / 2


def mean_cost(outputs_list, desired_list):
    return sum(cost(a, y) for a, y in zip(outputs_list, desired_list)) / len(outputs_list)


def cost_derivative(a, y):
    return [p - q for p, q in zip(a, y)]
