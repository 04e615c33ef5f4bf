# mistake: bias-each-input
# fails: sigmoid-neuron small-change sigmoid-becomes-perceptron
import math


def sigmoid_neuron(weights, inputs, bias):
    z = 0
    for w, x in zip(weights, inputs):
        z += w * x + bias
    return 1 / (1 + math.exp(-z))
