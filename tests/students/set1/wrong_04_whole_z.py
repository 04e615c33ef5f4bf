# mistake: z is cut to a whole number before it is compared with 0, so that 0 < z < 1 answers 0, it should be compared as it is.
# fails: perceptron-rule perceptron-scaling
import numpy as np


def perceptron(weights, inputs, bias):
    w = np.array(weights)
    x = np.array(inputs)
    z = int(np.sum(w * x) + bias)
    return 1 if z > 0 else 0
