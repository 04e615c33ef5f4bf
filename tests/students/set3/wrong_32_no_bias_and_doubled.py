# mistake: the forward pass leaves the biases out of z, and the slope of the cost is 2 (a - y) as if the cost had no 1/2; it should be z = w a + b and a - y.
# fails: backprop
import math


def sigmoid(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    return math.exp(z) / (1.0 + math.exp(z))


def sigmoid_prime(z):
    return sigmoid(z) * (1.0 - sigmoid(z))


def backprop(biases, weights, x, y):
    def through(layer, a):
        """Forwards on the way in, backwards on the way out."""
        if layer == len(weights):
            return [2 * (out - want) for out, want in zip(a, y)], [], []
        w = weights[layer]
        z = [sum(w_jk * a_k for w_jk, a_k in zip(row, a)) for row in w]
        slope, nabla_b, nabla_w = through(layer + 1, [sigmoid(t) for t in z])
        delta = [s * sigmoid_prime(t) for s, t in zip(slope, z)]
        before = [sum(w[j][k] * delta[j] for j in range(len(delta))) for k in range(len(a))]
        gradient = [[d * a_k for a_k in a] for d in delta]
        return before, [delta] + nabla_b, [gradient] + nabla_w

    _, nabla_b, nabla_w = through(0, list(x))
    return nabla_b, nabla_w
