# mistake: total is set to 0 only once, so each neuron also gets the sums of the neurons before it; it should start at 0 for every j.
# fails: bp2
from math import exp


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + exp(-z))
    return exp(z) / (1.0 + exp(z))


def hidden_error(next_weights, next_error, weighted_inputs):
    error = []
    total = 0.0
    for j in range(len(weighted_inputs)):
        for k in range(len(next_error)):
            total += next_weights[k][j] * next_error[k]
        a = sigmoid(weighted_inputs[j])
        error.append(total * a * (1 - a))
    return error
