import math
import random


class Network:
    def __init__(self, biases, weights):
        self.biases = biases
        self.weights = weights
        self.zs = []
        self.activations = []

    @staticmethod
    def sigma(z):
        return 1.0 / (1.0 + math.exp(-z))

    def forward(self, x):
        self.activations = [list(x)]
        self.zs = []
        for b, w in zip(self.biases, self.weights):
            previous = self.activations[-1]
            z = [bj + sum(wk * ak for wk, ak in zip(row, previous)) for bj, row in zip(b, w)]
            self.zs.append(z)
            self.activations.append([self.sigma(v) for v in z])
        return self.activations[-1]

    def backward(self, x, y):
        self.forward(x)
        deltas = [None] * len(self.weights)
        for l in reversed(range(len(self.weights))):
            out = self.activations[l + 1]
            if l == len(self.weights) - 1:
                slopes = [a - t for a, t in zip(out, y)]
            else:
                nxt = self.weights[l + 1]
                slopes = [
                    sum(nxt[k][j] * deltas[l + 1][k] for k in range(len(nxt)))
                    for j in range(len(out))
                ]
            deltas[l] = [s * a * (1 - a) for s, a in zip(slopes, out)]
        nabla_w = [[[d * a for a in self.activations[l]] for d in deltas[l]] for l in range(len(deltas))]
        return deltas, nabla_w


def feedforward(biases, weights, x):
    return Network(biases, weights).forward(x)


def backprop(biases, weights, x, y):
    return Network(biases, weights).backward(x, y)


if __name__ == "__main__":
    print(backprop([[random.gauss(0, 1)]], [[[random.gauss(0, 1)]]], [1.0], [0.0]))
