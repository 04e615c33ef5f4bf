# mistake: own-activation
# fails: backprop
import math


def f(z):
    return 1 / (1 + math.exp(-z))


def backprop(biases, weights, x, y):
    layers = len(biases)
    z = []
    a = []
    inp = x
    for l in range(layers):
        zl = []
        for j in range(len(biases[l])):
            total = biases[l][j]
            for k in range(len(inp)):
                total += weights[l][j][k] * inp[k]
            zl.append(total)
        z.append(zl)
        inp = [f(v) for v in zl]
        a.append(inp)
    nabla_b = [None] * layers
    nabla_w = [None] * layers
    delta = [(a[-1][j] - y[j]) * a[-1][j] * (1 - a[-1][j]) for j in range(len(y))]
    for l in range(layers - 1, -1, -1):
        nabla_b[l] = delta
        nabla_w[l] = [[d * ak for ak in a[l]] for d in delta]
        if l > 0:
            new = []
            for j in range(len(a[l - 1])):
                back = sum(weights[l][k][j] * delta[k] for k in range(len(delta)))
                new.append(back * a[l - 1][j] * (1 - a[l - 1][j]))
            delta = new
    return nabla_b, nabla_w
