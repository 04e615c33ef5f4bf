# mistake: the weights are scaled to length 1 but the bias is not; w and b should be used as they are.
# fails: perceptron-rule perceptron-scaling
import numpy as np


def unit(w):
    length = np.sqrt(np.sum(w ** 2))
    if length == 0:
        return w
    return w / length


def perceptron(weights, inputs, bias):
    # only the direction of w matters for the line that separates the two sides
    w = unit(np.array(weights, dtype=float))
    x = np.array(inputs, dtype=float)
    return int(np.sum(w * x) + bias > 0)
