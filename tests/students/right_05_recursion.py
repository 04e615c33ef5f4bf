import math


def f(z):
    return 1 / (1 + math.exp(-z))


def layer(w, b, a):
    return [f(sum(p * q for p, q in zip(row, a)) + c) for row, c in zip(w, b)]


def feedforward(biases, weights, x):
    if not weights:
        return x
    return feedforward(biases[1:], weights[1:], layer(weights[0], biases[0], x))


def backprop(biases, weights, x, y):
    """The recursion goes forward to the output, and the errors come back out of it."""

    def visit(l, a):
        if l == len(weights):
            return [p - q for p, q in zip(a, y)], [], []
        out = layer(weights[l], biases[l], a)
        dc_da, nb, nw = visit(l + 1, out)
        delta = [g * o * (1 - o) for g, o in zip(dc_da, out)]
        back = [sum(weights[l][k][j] * delta[k] for k in range(len(delta))) for j in range(len(a))]
        return back, [delta] + nb, [[[d * v for v in a] for d in delta]] + nw

    _, nabla_b, nabla_w = visit(0, x)
    return nabla_b, nabla_w
