# right: NumPy with one-dimensional arrays, many functions
import numpy as np


def sigmoid(z):
    t = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1 / (1 + t), t / (1 + t))[()]


def sigmoid_prime(z):
    t = np.exp(-np.abs(z))
    return t / (1 + t) ** 2


def weighted_sum(weights, inputs):
    return np.sum(np.multiply(weights, inputs))


def weighted_input(weights, activations, biases):
    return np.array(weights) @ np.array(activations) + np.array(biases)


def activations(weighted_inputs):
    return sigmoid(np.array(weighted_inputs, dtype=float))


def feedforward(biases, weights, x):
    a = np.array(x, dtype=float)
    for b, w in zip(biases, weights):
        a = activations(weighted_input(w, a, b))
    return a


def cost(outputs, desired):
    return 0.5 * np.sum((np.array(outputs) - np.array(desired)) ** 2)


def cost_derivative(outputs, desired):
    return np.array(outputs) - np.array(desired)


def output_error(cost_derivative, weighted_inputs):
    return np.array(cost_derivative) * sigmoid_prime(np.array(weighted_inputs, dtype=float))


def hidden_error(next_weights, next_error, weighted_inputs):
    w, delta = np.array(next_weights), np.array(next_error)
    return (delta @ w) * sigmoid_prime(np.array(weighted_inputs, dtype=float))


def bias_gradient(error):
    return np.array(error)


def weight_gradient(activations, error):
    return np.array(error)[:, None] * np.array(activations)[None, :]
