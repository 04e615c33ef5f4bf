# mistake: no-bias
# fails: feedforward backprop
import math


def squash(v):
    return [1 / (1 + math.exp(-z)) for z in v]


def times(w, a):
    return [sum(wjk * ak for wjk, ak in zip(row, a)) for row in w]


def feedforward(biases, weights, x):
    for w in weights:
        x = squash(times(w, x))
    return x


def backprop(biases, weights, x, y):
    a = [x]
    for w in weights:
        a.append(squash(times(w, a[-1])))
    delta = [(p - q) * p * (1 - p) for p, q in zip(a[-1], y)]
    nb, nw = [], []
    for l in range(len(weights) - 1, -1, -1):
        nb.append(delta)
        nw.append([[d * k for k in a[l]] for d in delta])
        columns = list(zip(*weights[l]))
        delta = [e * v * (1 - v) for e, v in zip(times(columns, delta), a[l])]
    return nb[::-1], nw[::-1]
