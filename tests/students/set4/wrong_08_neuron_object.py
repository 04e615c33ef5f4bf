# mistake: the one neuron object keeps its z from call to call and adds to it; z should start again at the bias in every call.
# fails: sigmoid-neuron small-change sigmoid-becomes-perceptron
from math import exp


def squash(z):
    if z < 0:
        return exp(z) / (1 + exp(z))
    return 1 / (1 + exp(-z))


class Neuron:
    def __init__(self):
        self.z = 0.0

    def listen(self, weight, signal):
        self.z += weight * signal

    def answer(self, weights, inputs, bias):
        for weight, signal in zip(weights, inputs):
            self.listen(weight, signal)
        self.z += bias
        return squash(self.z)


_neuron = Neuron()


def sigmoid_neuron(weights, inputs, bias):
    return _neuron.answer(weights, inputs, bias)
