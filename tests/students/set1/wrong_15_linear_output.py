# mistake: The last layer is left as weighted inputs, it should pass through σ as all the others do.
# fails: feedforward
import math


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def layer(w, a, b):
    return [sum(wk * ak for wk, ak in zip(row, a)) + bj for row, bj in zip(w, b)]


def feedforward(biases, weights, x):
    a = list(x)
    i = 0
    while i < len(weights) - 1:
        a = [sigmoid(z) for z in layer(weights[i], a, biases[i])]
        i += 1
    # the output neurons
    return layer(weights[i], a, biases[i])
