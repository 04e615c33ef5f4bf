# right: a class behind module functions, stable sigmoid by two branches
import math


class Neuron:
    def __init__(self, weights, bias):
        self.weights = weights
        self.bias = bias

    def z(self, inputs):
        s = self.bias
        for w, x in zip(self.weights, inputs):
            s = s + w * x
        return s

    def output(self, inputs):
        return sigmoid(self.z(inputs))

    def slope(self, inputs):
        return sigmoid_prime(self.z(inputs))


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def sigmoid_prime(z):
    return sigmoid(z) * sigmoid(-z)


def sigmoid_neuron(weights, inputs, bias):
    return Neuron(weights, bias).output(inputs)


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    n = Neuron(weights, bias)
    d = n.slope(inputs)
    by_weights = sum(d * x * dw for x, dw in zip(inputs, delta_weights))
    by_bias = d * delta_bias
    return by_weights + by_bias
