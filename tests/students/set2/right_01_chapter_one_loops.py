# right: plain loops and ifs, the whole first part of chapter 1
import math


def weighted_sum(weights, inputs):
    total = 0
    for j in range(len(weights)):
        total += weights[j] * inputs[j]
    return total


def perceptron_threshold(weights, inputs, threshold):
    if weighted_sum(weights, inputs) > threshold:
        return 1
    else:
        return 0


def perceptron(weights, inputs, bias):
    if weighted_sum(weights, inputs) + bias > 0:
        return 1
    return 0


def nand(p, q):
    return perceptron([-2, -2], [p, q], 3)


def half_adder(p, q):
    # the circuit of the book, five NAND gates
    top = nand(p, q)
    left = nand(p, top)
    right = nand(q, top)
    return nand(left, right), nand(top, top)


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def sigmoid_neuron(weights, inputs, bias):
    z = weighted_sum(weights, inputs) + bias
    return sigmoid(z)


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    out = sigmoid_neuron(weights, inputs, bias)
    slope = out * (1 - out)
    change = slope * delta_bias
    for j in range(len(inputs)):
        change += slope * inputs[j] * delta_weights[j]
    return change


print("NAND of 1 and 1 is", nand(1, 1))
