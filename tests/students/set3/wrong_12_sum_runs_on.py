# mistake: the sum is set to 0 once for a layer and runs on from neuron to neuron; it should start at 0 for each neuron.
# fails: feedforward
import math


def sigmoid(z):
    if z < -700:
        return 0.0
    return 1.0 / (1.0 + math.exp(-z))


def feedforward(biases, weights, x):
    a = x
    for layer in range(len(weights)):
        new_a = []
        total = 0.0
        for j in range(len(weights[layer])):
            for k in range(len(a)):
                total = total + weights[layer][j][k] * a[k]
            new_a.append(sigmoid(total + biases[layer][j]))
        a = new_a
    return a
