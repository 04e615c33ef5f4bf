# mistake: perceptron cuts w.x + b to a whole number before it compares, so 0.5 counts as 0 (it should compare the number itself with 0); and perceptron_threshold answers 1 where the sum only reaches the threshold (> instead of >=).
# fails: perceptron-rule perceptron-scaling perceptron-threshold
import numpy as np


def perceptron_threshold(weights, inputs, threshold):
    s = np.dot(weights, inputs)
    return int(s >= threshold)


def perceptron(weights, inputs, bias):
    z = int(np.dot(weights, inputs) + bias)
    if z > 0:
        return 1
    return 0
