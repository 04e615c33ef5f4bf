# mistake: Both buffers are the same list, so that later neurons of a layer read activations that are already overwritten; the second should be a list of its own.
# fails: feedforward
from math import exp


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + exp(-z))
    return exp(z) / (1 + exp(z))


def feedforward(biases, weights, x):
    width = max([len(x)] + [len(b) for b in biases])
    now = [0.0] * width
    after = now
    for k, value in enumerate(x):
        now[k] = value
    for b, w in zip(biases, weights):
        for j in range(len(b)):
            z = b[j]
            for k in range(len(w[j])):
                z += w[j][k] * now[k]
            after[j] = sigmoid(z)
        now, after = after, now
    return now[:len(biases[-1])]
