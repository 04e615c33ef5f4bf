# mistake: The change of the bias is added as it is, outside of the bracket, it should be multiplied by the slope σ'(z) too.
# fails: output-change
import numpy as np


def sig(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def sigmoid_neuron(weights, inputs, bias):
    return float(sig(np.dot(weights, inputs) + bias))


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    out = sigmoid_neuron(weights, inputs, bias)
    slope = out * (1 - out)
    return float(slope * np.dot(delta_weights, inputs) + delta_bias)
