# right: recursion, forwards and backwards, without any loop over layers
import math


def _sigma(z):
    if z < 0:
        return math.exp(z) * _sigma(-z)
    return 1 / (1 + math.exp(-z))


def weighted_sum(weights, inputs):
    if len(weights) == 0:
        return 0
    return weights[0] * inputs[0] + weighted_sum(weights[1:], inputs[1:])


def _layer(b, w, a):
    return [_sigma(weighted_sum(row, a) + bias) for row, bias in zip(w, b)]


def feedforward(biases, weights, x):
    if not len(weights):
        return x
    return feedforward(biases[1:], weights[1:], _layer(biases[0], weights[0], x))


def backprop(biases, weights, x, y):
    def down_and_up(level, a_in):
        """Slopes from this level on, and dC/da of what goes into it."""
        if level == len(weights):
            return [], [], [a - t for a, t in zip(a_in, y)]
        w = weights[level]
        a_out = _layer(biases[level], w, a_in)
        later_b, later_w, slope_out = down_and_up(level + 1, a_out)
        delta = [s * a * (1 - a) for s, a in zip(slope_out, a_out)]
        here = [[d * a for a in a_in] for d in delta]
        slope_in = [sum(w[j][k] * d for j, d in enumerate(delta)) for k in range(len(a_in))]
        return [delta] + later_b, [here] + later_w, slope_in

    nabla_b, nabla_w, _ = down_and_up(0, x)
    return nabla_b, nabla_w
