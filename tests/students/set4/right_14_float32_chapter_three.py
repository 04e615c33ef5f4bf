# right: np.float32 for vectors of chapters 1 and 3
import numpy as np


def single(values):
    return np.asarray(values, dtype=np.float32)


def cost(outputs, desired):
    difference = single(desired) - single(outputs)
    return np.float32(0.5) * np.sum(difference * difference)


def cost_derivative(outputs, desired):
    return single(outputs) - single(desired)


def cross_entropy_error(outputs, desired):
    return single(outputs) - single(desired)


def masked(mask, activations):
    return single(mask) * single(activations)


def new_velocity(velocity, nabla_sum, eta, m, mu):
    return np.float32(mu) * single(velocity) - np.float32(eta / m) * single(nabla_sum)


def mean_gradient(gradients):
    return single(gradients).mean(axis=0)


def update_biases(biases, nabla_sum, eta, m):
    return single(biases) - np.float32(eta / m) * single(nabla_sum)
