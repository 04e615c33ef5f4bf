import math


def run(biases, weights, x):
    for b, w in zip(biases, weights):
        x = [1 / (1 + math.exp(-(sum(p * q for p, q in zip(row, x)) + c))) for row, c in zip(w, b)]
    return x


def tangents(biases, weights, x, y):
    """Forward mode: push one perturbation at a time through the network."""

    def moved(layer, j, k):
        a, da = x, [0.0] * len(x)
        for l, (b, w) in enumerate(zip(biases, weights)):
            z = [sum(p * q for p, q in zip(row, a)) + c for row, c in zip(w, b)]
            dz = [sum(p * q for p, q in zip(row, da)) for row in w]
            if l == layer:
                dz[j] += 1.0 if k is None else a[k]
            a = [1 / (1 + math.exp(-v)) for v in z]
            da = [v * (1 - v) * d for v, d in zip(a, dz)]
        return sum((p - q) * d for p, q, d in zip(a, y, da))

    return moved


def backprop(biases, weights, x, y):
    moved = tangents(biases, weights, x, y)
    nabla_b = [[moved(l, j, None) for j in range(len(b))] for l, b in enumerate(biases)]
    nabla_w = [
        [[moved(l, j, k) for k in range(len(row))] for j, row in enumerate(w)]
        for l, w in enumerate(weights)
    ]
    return nabla_b, nabla_w
