# mistake: The weighted input is cut to a whole number before it is compared, so 0 < z < 1 counts as 0; it should be z > 0.
# fails: perceptron-rule perceptron-scaling
from operator import mul


def weighted_sum(weights, inputs):
    return sum(map(mul, weights, inputs))


def perceptron(weights, inputs, bias):
    z = weighted_sum(weights, inputs) + bias
    return 1 if int(z) > 0 else 0
