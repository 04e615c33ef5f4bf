# mistake: in the hidden layers ∂C/∂w takes the activations of the layer itself, activations[-l]; it should take those that go into it, activations[-l-1].
# fails: backprop
import numpy as np


def sigma(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def sigma_prime(z):
    return sigma(z) * (1 - sigma(z))


def backprop(biases, weights, x, y):
    """As in the book: x, y and all the biases are columns (n, 1)."""
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    # feedforward
    activation = x
    activations = [x]
    zs = []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigma(z)
        activations.append(activation)
    # backward pass
    delta = (activations[-1] - y) * sigma_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].transpose())
    for l in range(2, len(activations)):
        delta = np.dot(weights[-l + 1].transpose(), delta) * sigma_prime(zs[-l])
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l].transpose())
    return nabla_b, nabla_w
