# mistake: the slope is taken where the weights and the bias have already moved (it should be taken at the old ones), and the change of the bias is added without that slope.
# fails: output-change
from math import exp


def sigma(z):
    return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    new_weights = [w + dw for w, dw in zip(weights, delta_weights)]
    new_bias = bias + delta_bias

    z = sum(w * x for w, x in zip(new_weights, inputs)) + new_bias
    slope = sigma(z) * (1 - sigma(z))

    change = 0.0
    for x, dw in zip(inputs, delta_weights):
        change += slope * x * dw
    return change + delta_bias
