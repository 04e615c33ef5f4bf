# mistake: sigma is applied to what goes into a layer instead of to what comes out, so the input is squashed and the output is not; it should be sigma(w a + b).
# fails: feedforward
from math import exp


def s(t):
    return 1 / (1 + exp(-t)) if t > 0 else exp(t) / (1 + exp(t))


def layer(W, b, a):
    return [sum(w * s(v) for w, v in zip(row, a)) + shift for row, shift in zip(W, b)]


def feedforward(biases, weights, x):
    if len(weights) == 0:
        return x
    return feedforward(biases[1:], weights[1:], layer(weights[0], biases[0], x))
