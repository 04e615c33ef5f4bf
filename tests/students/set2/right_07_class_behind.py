# right: a class Net that keeps the layers, and thin module functions before it
from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass
class Layer:
    w: list[list[float]]
    b: list[float]
    a_in: list[float] = field(default_factory=list)
    a_out: list[float] = field(default_factory=list)

    def forward(self, a: list[float]) -> list[float]:
        self.a_in = [float(v) for v in a]
        self.a_out = []
        for row, shift in zip(self.w, self.b):
            z = math.fsum(w * v for w, v in zip(row, self.a_in)) + shift
            e = math.exp(-abs(z))
            self.a_out.append((1.0 if z >= 0 else e) / (1.0 + e))
        return self.a_out

    def backward(self, dC_da: list[float]):
        delta = [g * a * (1.0 - a) for g, a in zip(dC_da, self.a_out)]
        grad_w = [[d * a for a in self.a_in] for d in delta]
        passed_on = [math.fsum(row[k] * d for row, d in zip(self.w, delta)) for k in range(len(self.a_in))]
        return delta, grad_w, passed_on


class Net:
    def __init__(self, biases, weights):
        self.layers = [Layer(w, b) for w, b in zip(weights, biases)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def slopes(self, x, y):
        signal = [a - t for a, t in zip(self(x), y)]
        nabla_b, nabla_w = [], []
        for layer in reversed(self.layers):
            delta, grad_w, signal = layer.backward(signal)
            nabla_b.insert(0, delta)
            nabla_w.insert(0, grad_w)
        return nabla_b, nabla_w


def feedforward(biases, weights, x):
    return Net(biases, weights)(x)


def backprop(biases, weights, x, y):
    return Net(biases, weights).slopes(x, y)
