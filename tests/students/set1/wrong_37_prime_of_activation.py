# mistake: In the hidden layers σ' is taken of the activation, it should be taken of the weighted input z.
# fails: backprop
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def backprop(biases, weights, x, y):
    layers = len(biases)
    activations = [np.array(x)]
    z = None
    for b, w in zip(biases, weights):
        z = np.dot(w, activations[-1]) + b
        activations.append(sigmoid(z))

    nabla_b = [None] * layers
    nabla_w = [None] * layers
    delta = (activations[-1] - y) * sigmoid_prime(z)
    for l in range(layers - 1, -1, -1):
        nabla_b[l] = delta
        nabla_w[l] = np.dot(delta, activations[l].T)
        if l > 0:
            delta = np.dot(weights[l].T, delta) * sigmoid_prime(activations[l])
    return nabla_b, nabla_w
