# mistake: the bias stands inside the sum and is added once for every input; it should be added once, after the sum.
# fails: sigmoid-neuron sigmoid-becomes-perceptron
import math


def sigmoid(z):
    """The logistic function, written so that exp never overflows."""
    if z < 0:
        return math.exp(z) / (1.0 + math.exp(z))
    return 1.0 / (1.0 + math.exp(-z))


def sigmoid_neuron(weights, inputs, bias):
    """What a sigmoid neuron answers."""
    return sigmoid(sum(w * x + bias for w, x in zip(weights, inputs)))
