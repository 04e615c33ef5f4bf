# mistake: Two: reaching the threshold already counts (>= for >), and the bias is handed over as the threshold, where the threshold is -bias.
# fails: perceptron-threshold perceptron-rule
import numpy as np


def perceptron_threshold(weights, inputs, threshold):
    reached = np.dot(weights, inputs) >= threshold
    return int(reached)


def perceptron(weights, inputs, bias):
    # same machine, newer notation
    return perceptron_threshold(weights, inputs, bias)
