# right: a class that is made anew in each call, behind module functions, plain lists
from math import exp


class Layer:
    def __init__(self, b, w):
        self.b = b
        self.w = w
        self.z = None
        self.a = None
        self.delta = None

    @staticmethod
    def sigma(z):
        return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))

    def forward(self, a_in):
        self.a_in = list(a_in)
        self.z = [sum(w * a for w, a in zip(row, self.a_in)) + b
                  for row, b in zip(self.w, self.b)]
        self.a = [self.sigma(z) for z in self.z]
        return self.a

    def blame(self, slopes):
        """slopes: how the cost changes with each of my activations."""
        self.delta = [s * a * (1 - a) for s, a in zip(slopes, self.a)]
        return [sum(self.w[j][k] * self.delta[j] for j in range(len(self.delta)))
                for k in range(len(self.a_in))]

    def nabla_w(self):
        return [[d * a for a in self.a_in] for d in self.delta]


class Net:
    def __init__(self, biases, weights):
        self.layers = [Layer(b, w) for b, w in zip(biases, weights)]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x


def feedforward(biases, weights, x):
    return Net(biases, weights).forward(x)


def backprop(biases, weights, x, y):
    net = Net(biases, weights)
    out = net.forward(x)
    slopes = [a - t for a, t in zip(out, y)]
    for layer in reversed(net.layers):
        slopes = layer.blame(slopes)
    return [layer.delta for layer in net.layers], [layer.nabla_w() for layer in net.layers]
