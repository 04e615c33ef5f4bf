# mistake: The gradients begin as copies of the biases and weights and the slopes are added to them, they should begin at zero.
# fails: backprop
import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def cost_derivative(outputs, desired):
    return outputs - desired


def backprop(biases, weights, x, y):
    nabla_b = [np.array(b, dtype=float) for b in biases]
    nabla_w = [np.array(w, dtype=float) for w in weights]
    activation = x
    activations, zs = [x], []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
    nabla_b[-1] += delta
    nabla_w[-1] += np.dot(delta, activations[-2].transpose())
    for l in range(2, len(biases) + 1):
        delta = np.dot(weights[-l + 1].transpose(), delta) * sigmoid_prime(zs[-l])
        nabla_b[-l] += delta
        nabla_w[-l] += np.dot(delta, activations[-l - 1].transpose())
    return nabla_b, nabla_w
