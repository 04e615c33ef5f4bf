# right: sigmoid by tanh(z/2), lambdas and short functions
from math import tanh

sigmoid = lambda z: (1 + tanh(z / 2)) / 2
sigmoid_prime = lambda z: (1 - tanh(z / 2) ** 2) / 4
activations = lambda weighted_inputs: [sigmoid(z) for z in weighted_inputs]


def sigmoid_neuron(weights, inputs, bias):
    z = sum([w * x for w, x in zip(weights, inputs)]) + bias
    return sigmoid(z)


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    z = sum([w * x for w, x in zip(weights, inputs)]) + bias
    delta_z = sum([dw * x for dw, x in zip(delta_weights, inputs)]) + delta_bias
    return sigmoid_prime(z) * delta_z
