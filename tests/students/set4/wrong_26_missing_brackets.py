# mistake: brackets are missing, c·s·1 - s is computed; it should be c·s·(1 - s).
# fails: bp1
from math import exp


def output_error(cost_derivative, weighted_inputs):
    delta = []
    for j, z in enumerate(weighted_inputs):
        # s is the activation of output neuron j
        if z < 0:
            s = exp(z) / (1 + exp(z))
        else:
            s = 1 / (1 + exp(-z))
        delta.append(cost_derivative[j] * s * 1 - s)
    return delta
