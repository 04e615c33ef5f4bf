# mistake: sigma' is taken at the activation sigma(z), so sigma is applied twice; it should be taken at z.
# fails: bp1
import numpy as np


def sigmoid(z):
    """The sigmoid function."""
    return np.exp(-np.logaddexp(0.0, -z))


def sigmoid_prime(z):
    """Derivative of the sigmoid function."""
    return sigmoid(z) * sigmoid(-z)


def output_error(cost_derivative, weighted_inputs):
    a_L = sigmoid(np.asarray(weighted_inputs, dtype=float))
    return np.asarray(cost_derivative, dtype=float) * sigmoid_prime(a_L)
