from math import exp

cache = {}


def sigma(z):
    if z not in cache:
        cache[z] = 1 / (1 + exp(-z)) if z > -500 else exp(z)
    return cache[z]


def sigmoid_neuron(weights, inputs, bias):
    z = bias
    for w, x in zip(weights, inputs):
        z = z + w * x
    print("z is", z, "and a is", sigma(z))
    return sigma(z)


def feedforward(biases, weights, x):
    a = {(1, k): v for k, v in enumerate(x)}
    sizes = [len(x)] + [len(b) for b in biases]
    for l in range(2, len(sizes) + 1):
        for j in range(sizes[l - 1]):
            row = weights[l - 2][j]
            incoming = [a[l - 1, k] for k in range(sizes[l - 2])]
            a[l, j] = sigmoid_neuron(row, incoming, biases[l - 2][j])
    return [a[len(sizes), j] for j in range(sizes[-1])]


print("tests:", feedforward([[0]], [[[1, 1]]], [0, 0]))
