# mistake: Two: row j is multiplied by activation j alone, where it should meet all activations k; and the list of results is a default argument that is kept between calls, where each call should begin with an empty one.
# fails: weighted-input activation
import math


def weighted_input(weights, activations, biases):
    zs = []
    for row, a, b in zip(weights, activations, biases):
        z = b
        for w in row:
            z += w * a
        zs.append(z)
    return zs


def activations(weighted_inputs, result=[]):
    for z in weighted_inputs:
        if z < -700:
            result.append(0.0)
        else:
            result.append(1.0 / (1.0 + math.exp(-z)))
    return result
