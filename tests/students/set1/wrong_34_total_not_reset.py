# mistake: The total is set to 0 once before the loop over the neurons, so that it grows from neuron to neuron, it should start at 0 for each.
# fails: bp2
import math


def sigmoid(z):
    if z < 0:
        return math.exp(z) / (math.exp(z) + 1)
    return 1 / (1 + math.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def hidden_error(next_weights, next_error, weighted_inputs):
    delta = []
    total = 0.0
    for j in range(len(weighted_inputs)):
        for k in range(len(next_error)):
            total += next_weights[k][j] * next_error[k]
        delta.append(total * sigmoid_prime(weighted_inputs[j]))
    return delta
