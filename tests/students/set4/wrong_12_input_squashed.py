# mistake: the input x is itself sent through σ before the first layer; the input neurons should hand on x as it is.
# fails: feedforward
from math import exp


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + exp(-z))
    e = exp(z)
    return e / (1 + e)


def layer_output(b, w, a):
    out = []
    for bias, row in zip(b, w):
        z = bias
        for weight, activation in zip(row, a):
            z += weight * activation
        out.append(sigmoid(z))
    return out


def feedforward(biases, weights, x):
    """Propagate x through all the layers, the first one included."""
    a = [sigmoid(value) for value in x]
    for b, w in zip(biases, weights):
        a = layer_output(b, w, a)
    return a
