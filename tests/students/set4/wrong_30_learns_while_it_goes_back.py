# mistake: the weights of a layer are changed before the error is sent back through them; the error should go back through the weights that were used forwards.
# fails: backprop
import numpy as np


def squash(z):
    return np.exp(-np.logaddexp(0, -z))


def backprop(biases, weights, x, y):
    b = [np.array(layer, dtype=float) for layer in biases]
    w = [np.array(layer, dtype=float) for layer in weights]

    outs = [np.array(x, dtype=float)]
    for l in range(len(w)):
        outs.append(squash(w[l] @ outs[-1] + b[l]))

    nabla_b, nabla_w = [], []
    error = (outs[-1] - np.array(y, dtype=float)) * outs[-1] * (1 - outs[-1])
    for l in range(len(w) - 1, -1, -1):
        nabla_b.insert(0, error)
        nabla_w.insert(0, np.outer(error, outs[l]))
        w[l] = w[l] - nabla_w[0]
        error = (w[l].T @ error) * outs[l] * (1 - outs[l])
    return nabla_b, nabla_w
