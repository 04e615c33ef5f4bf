# mistake: The slope multiplies only the part of the weights; brackets are missing, since the change of the bias must be multiplied by the slope too.
# fails: output-change
import math


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    z = sum(w * x for w, x in zip(weights, inputs)) + bias
    e = math.exp(-abs(z))
    slope = e / (1 + e) ** 2
    return slope * sum(x * dw for x, dw in zip(inputs, delta_weights)) + delta_bias
