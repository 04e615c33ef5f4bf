# mistake: Two: the derivative of the cost is taken as 2(a - y), where half the squared distance gives a - y; and nabla_b is left in the order of the backward pass, last layer first, where it should be turned round as nabla_w is.
# fails: backprop
import math


def sig(z):
    if z < 0:
        return math.exp(z) / (1 + math.exp(z))
    return 1 / (1 + math.exp(-z))


def backprop(biases, weights, x, y):
    layers = [list(x)]
    for W, b in zip(weights, biases):
        below = layers[-1]
        above = []
        for row, bias in zip(W, b):
            z = bias
            for w, a in zip(row, below):
                z += w * a
            above.append(sig(z))
        layers.append(above)

    nabla_b = []
    nabla_w = []
    delta = [2 * (a - t) * a * (1 - a) for a, t in zip(layers[-1], y)]
    for l in reversed(range(len(weights))):
        below = layers[l]
        nabla_b.append(delta)
        nabla_w.append([[a * d for a in below] for d in delta])
        back = []
        for k, a in enumerate(below):
            s = 0
            for j, d in enumerate(delta):
                s += weights[l][j][k] * d
            back.append(s * a * (1 - a))
        delta = back
    nabla_w.reverse()
    return nabla_b, nabla_w
