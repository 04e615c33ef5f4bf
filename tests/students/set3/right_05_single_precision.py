# right: np.float32 throughout
import numpy as np

F = np.float32


def vec(v):
    return np.asarray(v, dtype=F)


def weighted_input(weights, activations, biases):
    return np.matmul(vec(weights), vec(activations)) + vec(biases)


def activations(weighted_inputs):
    z = np.clip(vec(weighted_inputs), F(-80), F(80))
    return F(1) / (F(1) + np.exp(-z))


def feedforward(biases, weights, x):
    a = vec(x)
    for w, b in zip(weights, biases):
        a = activations(weighted_input(w, a, b))
    return a


def hadamard(s, t):
    return vec(s) * vec(t)


def cost_derivative(outputs, desired):
    return vec(outputs) - vec(desired)


def masked(mask, activations):
    return hadamard(mask, activations)
