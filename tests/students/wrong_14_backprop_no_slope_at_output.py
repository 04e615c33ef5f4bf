# mistake: no-output-slope
# fails: backprop
import numpy as np


def sigmoid_vec(z):
    return 1 / (1 + np.exp(-z))


class Net:
    def __init__(self, biases, weights):
        self.biases = biases
        self.weights = weights

    def gradient(self, x, y):
        activations, zs = [x], []
        for b, w in zip(self.biases, self.weights):
            zs.append(w @ activations[-1] + b)
            activations.append(sigmoid_vec(zs[-1]))
        delta = activations[-1] - y
        gb, gw = [delta], [np.outer(delta, activations[-2])]
        for l in reversed(range(len(zs) - 1)):
            a = activations[l + 1]
            delta = (self.weights[l + 1].T @ delta) * a * (1 - a)
            gb.append(delta)
            gw.append(np.outer(delta, activations[l]))
        return gb[::-1], gw[::-1]


def backprop(biases, weights, x, y):
    return Net(biases, weights).gradient(x, y)
