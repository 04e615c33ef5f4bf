# right: NumPy in np.float32 throughout, masks for the sign of z
import numpy as np

F = np.float32


def f32(values):
    return np.array(values, dtype=F)


def sigma(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, F(1) / (F(1) + small), small / (F(1) + small))


def slope(z):
    small = np.exp(-np.abs(z))
    return small / (F(1) + small) ** 2


def weighted_input(weights, activations, biases):
    return f32(weights).dot(f32(activations)) + f32(biases)


def activations(weighted_inputs):
    return sigma(f32(weighted_inputs))


def feedforward(biases, weights, x):
    signal = f32(x)
    for l in range(len(weights)):
        signal = activations(weighted_input(weights[l], signal, biases[l]))
    return signal


def output_error(cost_derivative, weighted_inputs):
    return f32(cost_derivative) * slope(f32(weighted_inputs))


def hidden_error(next_weights, next_error, weighted_inputs):
    return f32(next_weights).T.dot(f32(next_error)) * slope(f32(weighted_inputs))


def weight_gradient(activations, error):
    return np.outer(f32(error), f32(activations))
