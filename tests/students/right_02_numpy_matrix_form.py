import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def weighted_input(w, a, b):
    return w @ a + b


def output_error(nabla_a, z):
    return nabla_a * sigmoid_prime(z)


def hidden_error(w, delta, z):
    return (w.T @ delta) * sigmoid_prime(z)


def bias_gradient(delta):
    return delta


def weight_gradient(a, delta):
    return np.outer(delta, a)
