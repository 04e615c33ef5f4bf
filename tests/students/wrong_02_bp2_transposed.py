# mistake: transposed
# fails: bp2
from math import exp


def sigmoid_prime_(z):
    return exp(-abs(z)) / (1 + exp(-abs(z))) ** 2


def hidden_error(next_weights, next_error, weighted_inputs):
    error = [0.0] * len(weighted_inputs)
    for j in range(len(weighted_inputs)):
        for k in range(len(next_error)):
            error[j] += next_weights[j][k] * next_error[k]
        error[j] *= sigmoid_prime_(weighted_inputs[j])
    return error
