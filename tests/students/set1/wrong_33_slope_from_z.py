# mistake: The slope is computed as z(1 - z), it should be σ(z)(1 - σ(z)).
# fails: bp1
from math import exp

sigmoid = lambda z: 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))
prime = lambda s: s * (1 - s)


def output_error(cost_derivative, weighted_inputs):
    return [c * prime(z) for c, z in zip(cost_derivative, weighted_inputs)]


def bias_gradient(error):
    return [e for e in error]
