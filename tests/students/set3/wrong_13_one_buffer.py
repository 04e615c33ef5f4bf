# mistake: the activations of a layer are written into the buffer from which its other neurons still read the layer before; old and new activations need two lists.
# fails: feedforward
from math import exp


def sigmoid(z):
    if z > 0:
        return 1 / (1 + exp(-z))
    return exp(z) / (1 + exp(z))


def feedforward(biases, weights, x):
    """No new list for each layer: one buffer that is as wide as the widest layer."""
    width = max([len(x)] + [len(b) for b in biases])
    buffer = list(x) + [0.0] * (width - len(x))
    for b, w in zip(biases, weights):
        for j, row in enumerate(w):
            z = b[j]
            for k, w_jk in enumerate(row):
                z += w_jk * buffer[k]
            buffer[j] = sigmoid(z)
    return buffer[:len(biases[-1])]
