# mistake: last-input
# fails: perceptron-rule sigmoid-neuron small-change sigmoid-becomes-perceptron
import math


def perceptron(w, x, b):
    z = b
    i = 0
    while i < len(w) - 1:
        z += w[i] * x[i]
        i += 1
    return 1 if z > 0 else 0


def sigmoid_neuron(w, x, b):
    z = b
    for i in range(0, len(w) - 1):
        z += w[i] * x[i]
    return 1 / (1 + math.exp(-z))
