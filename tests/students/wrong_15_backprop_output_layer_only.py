# mistake: output-layer-only
# fails: backprop
from math import exp


def sigma(z):
    return 1 / (1 + exp(-z))


def backprop(biases, weights, x, y):
    nabla_b = [[0.0 for _ in b] for b in biases]
    nabla_w = [[[0.0 for _ in row] for row in w] for w in weights]
    a = [x]
    for b, w in zip(biases, weights):
        z = [sum(p * q for p, q in zip(row, a[-1])) + c for row, c in zip(w, b)]
        a.append([sigma(v) for v in z])
    L = len(a) - 1
    delta = [(a[L][j] - y[j]) * a[L][j] * (1 - a[L][j]) for j in range(len(y))]
    nabla_b[L - 1] = delta
    nabla_w[L - 1] = [[d * ak for ak in a[L - 1]] for d in delta]
    for l in range(L - 1, L - 1):
        back = [sum(weights[l][k][j] * delta[k] for k in range(len(delta))) for j in range(len(a[l]))]
        delta = [e * v * (1 - v) for e, v in zip(back, a[l])]
        nabla_b[l - 1] = delta
        nabla_w[l - 1] = [[d * ak for ak in a[l - 1]] for d in delta]
    return nabla_b, nabla_w
