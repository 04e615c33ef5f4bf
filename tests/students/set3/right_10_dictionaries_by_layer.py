# right: backpropagation in plain Python with dictionaries by the book's layer numbers
import math


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    growth = math.exp(z)
    return growth / (1 + growth)


def sigmoid_prime(z):
    s = sigmoid(z)
    return s * (1 - s)


def backprop(biases, weights, x, y):
    last = len(biases) + 1
    b = {layer: biases[layer - 2] for layer in range(2, last + 1)}
    w = {layer: weights[layer - 2] for layer in range(2, last + 1)}

    a = {1: x}
    z = {}
    for layer in range(2, last + 1):
        z[layer] = {}
        a[layer] = {}
        for j in range(len(b[layer])):
            total = b[layer][j]
            for k in range(len(a[layer - 1])):
                total += w[layer][j][k] * a[layer - 1][k]
            z[layer][j] = total
            a[layer][j] = sigmoid(total)

    delta = {last: {}}
    for j in range(len(y)):
        delta[last][j] = (a[last][j] - y[j]) * sigmoid_prime(z[last][j])
    for layer in range(last - 1, 1, -1):
        delta[layer] = {}
        for j in range(len(z[layer])):
            blame = 0.0
            for k in range(len(delta[layer + 1])):
                blame += w[layer + 1][k][j] * delta[layer + 1][k]
            delta[layer][j] = blame * sigmoid_prime(z[layer][j])

    nabla_b = []
    nabla_w = []
    for layer in range(2, last + 1):
        size, before = len(delta[layer]), len(a[layer - 1])
        nabla_b.append([delta[layer][j] for j in range(size)])
        nabla_w.append([[delta[layer][j] * a[layer - 1][k] for k in range(before)] for j in range(size)])
    return nabla_b, nabla_w
