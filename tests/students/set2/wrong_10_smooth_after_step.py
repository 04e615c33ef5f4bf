# mistake: sigma is applied to the 0 or 1 of the perceptron; it should be applied to w . x + b itself.
# fails: sigmoid-neuron sigmoid-becomes-perceptron
import math


class Neuron:
    def __init__(self, w, b):
        self.w = w
        self.b = b

    def fires(self, x):
        z = self.b
        for wi, xi in zip(self.w, x):
            z += wi * xi
        return 1 if z > 0 else 0


class SmoothNeuron(Neuron):
    """A neuron whose answer is squashed by the sigmoid."""

    def answer(self, x):
        return sigmoid(self.fires(x))


def sigmoid(z):
    try:
        return 1 / (1 + math.exp(-z))
    except OverflowError:
        return 0.0


def perceptron(weights, inputs, bias):
    return Neuron(weights, bias).fires(inputs)


def sigmoid_neuron(weights, inputs, bias):
    return SmoothNeuron(weights, bias).answer(inputs)
