# mistake: zip pairs row j of the weights with the one activation j, so that the whole row is multiplied by it, each weight w_jk should be multiplied by activation k.
# fails: weighted-input
from math import exp


def activations(weighted_inputs):
    result = []
    for z in weighted_inputs:
        if z >= 0:
            result.append(1 / (1 + exp(-z)))
        else:
            result.append(exp(z) / (1 + exp(z)))
    return result


def weighted_input(weights, activations, biases):
    zs = []
    for row, a, b in zip(weights, activations, biases):
        zs.append(sum(w * a for w in row) + b)
    return zs
