# mistake: The slope of neuron k of this layer is multiplied into term k of the sum (and zip cuts the sum short); the slope should be that of neuron j, in front of the whole sum.
# fails: bp2
import math


def sigmoid_prime(z):
    e = math.exp(-abs(z))
    return e / (1 + e) ** 2


def hidden_error(next_weights, next_error, weighted_inputs):
    return [
        sum(row[j] * d * sigmoid_prime(z)
            for row, d, z in zip(next_weights, next_error, weighted_inputs))
        for j in range(len(weighted_inputs))
    ]
