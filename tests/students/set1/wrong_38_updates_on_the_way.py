# mistake: The weights are already moved by their gradient before the error is sent back through them, BP2 should use the weights as they were.
# fails: backprop
import copy
import math

ETA = 0.5


def sigma(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def backprop(biases, weights, x, y):
    w = copy.deepcopy(weights)
    a = [list(x)]
    for bias, matrix in zip(biases, w):
        a.append([sigma(sum(p * q for p, q in zip(row, a[-1])) + b)
                  for row, b in zip(matrix, bias)])
    nabla_b, nabla_w = [], []
    delta = [(o - t) * o * (1 - o) for o, t in zip(a[-1], y)]
    for l in range(len(w) - 1, -1, -1):
        gradient = [[d * ak for ak in a[l]] for d in delta]
        nabla_b.append(delta)
        nabla_w.append(gradient)
        for j in range(len(delta)):
            for k in range(len(a[l])):
                w[l][j][k] -= ETA * gradient[j][k]
        delta = [sum(w[l][j][k] * delta[j] for j in range(len(delta))) * a[l][k] * (1 - a[l][k])
                 for k in range(len(a[l]))]
    nabla_b.reverse()
    nabla_w.reverse()
    return nabla_b, nabla_w
