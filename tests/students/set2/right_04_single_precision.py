# right: np.float32 throughout, one-dimensional
import numpy as np

F = np.float32


def _single(values):
    return np.array(values, dtype=F)


def _squash(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1) / (F(1) + e), e / (F(1) + e))


def weighted_input(weights, activations, biases):
    return _single(weights).dot(_single(activations)) + _single(biases)


def activations(weighted_inputs):
    return _squash(_single(weighted_inputs))


def output_error(cost_derivative, weighted_inputs):
    z = _single(weighted_inputs)
    return _single(cost_derivative) * _squash(z) * _squash(-z)


def weight_gradient(activations, error):
    return _single(error)[:, None] * _single(activations)[None, :]


def update_biases(biases, nabla_sum, eta, m):
    return _single(biases) - F(eta / m) * _single(nabla_sum)
