# mistake: The bias is added once for each input, inside the sum, it should be added once.
# fails: sigmoid-neuron sigmoid-becomes-perceptron
import math


def sigmoid(z):
    if z < 0:
        return 1 - sigmoid(-z)
    return 1 / (1 + math.exp(-z))


def sigmoid_neuron(weights, inputs, bias):
    return sigmoid(sum(w * x + bias for w, x in zip(weights, inputs)))
