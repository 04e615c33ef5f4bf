# right: NumPy with columns (n, 1) as in the book, many functions, negative indices
import numpy as np


def sigmoid(z):
    """Works for a number and for an array."""
    return np.exp(-np.logaddexp(0.0, -z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def weighted_input(weights, activations, biases):
    return np.dot(weights, activations) + biases


def feedforward(biases, weights, x):
    a = x
    for b, w in zip(biases, weights):
        a = sigmoid(weighted_input(w, a, b))
    return a


def cost_derivative(outputs, desired):
    return outputs - desired


def output_error(cost_derivative, weighted_inputs):
    return cost_derivative * sigmoid_prime(weighted_inputs)


def hidden_error(next_weights, next_error, weighted_inputs):
    return np.dot(next_weights.transpose(), next_error) * sigmoid_prime(weighted_inputs)


def bias_gradient(error):
    return error


def weight_gradient(activations, error):
    return np.dot(error, activations.transpose())


def backprop(biases, weights, x, y):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]

    a = x
    a_list = [x]
    z_list = []
    for b, w in zip(biases, weights):
        z = weighted_input(w, a, b)
        z_list.append(z)
        a = sigmoid(z)
        a_list.append(a)

    delta = output_error(cost_derivative(a_list[-1], y), z_list[-1])
    nabla_b[-1] = bias_gradient(delta)
    nabla_w[-1] = weight_gradient(a_list[-2], delta)
    for l in range(2, len(weights) + 1):
        delta = hidden_error(weights[-l + 1], delta, z_list[-l])
        nabla_b[-l] = bias_gradient(delta)
        nabla_w[-l] = weight_gradient(a_list[-l - 1], delta)
    return nabla_b, nabla_w
