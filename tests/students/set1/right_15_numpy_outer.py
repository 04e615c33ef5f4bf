# right: NumPy one-dimensional, logaddexp for a stable sigmoid, np.outer
import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(0.0, -np.asarray(z, dtype=float)))


def sigmoid_prime(z):
    return sigmoid(z) * (1.0 - sigmoid(z))


def output_error(cost_derivative, weighted_inputs):
    return np.multiply(cost_derivative, sigmoid_prime(weighted_inputs))


def hidden_error(next_weights, next_error, weighted_inputs):
    return np.einsum("kj,k->j", next_weights, next_error) * sigmoid_prime(weighted_inputs)


def bias_gradient(error):
    return np.array(error)


def weight_gradient(activations, error):
    return np.outer(error, activations)


def backprop(biases, weights, x, y):
    zs, acts = [], [np.asarray(x, dtype=float)]
    for b, w in zip(biases, weights):
        zs.append(np.asarray(w) @ acts[-1] + np.asarray(b))
        acts.append(sigmoid(zs[-1]))
    error = output_error(acts[-1] - np.asarray(y), zs[-1])
    nabla_b, nabla_w = [], []
    for l in reversed(range(len(weights))):
        nabla_b.insert(0, bias_gradient(error))
        nabla_w.insert(0, weight_gradient(acts[l], error))
        if l > 0:
            error = hidden_error(weights[l], error, zs[l - 1])
    return nabla_b, nabla_w
