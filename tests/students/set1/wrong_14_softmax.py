# mistake: The activations are divided by their common sum (a softmax), each should be σ of its own z alone.
# fails: activation
import math


def weighted_input(weights, activations, biases):
    z = list(biases)
    for j, row in enumerate(weights):
        for k, w in enumerate(row):
            z[j] = z[j] + w * activations[k]
    return z


def activations(weighted_inputs):
    top = max(weighted_inputs)              # so that exp cannot overflow
    powers = [math.exp(z - top) for z in weighted_inputs]
    return [p / sum(powers) for p in powers]
