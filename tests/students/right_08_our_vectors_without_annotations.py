from tinynn import Vector
from tinynn.activations import sigmoid


def update(v, gradient, eta):
    return v - eta * gradient


def weighted_input(w, a, b):
    return w @ a + b


def feedforward(biases, weights, x):
    for b, w in zip(biases, weights):
        x = (w @ x + b).map(sigmoid)
    return x


def cost(outputs, desired):
    away = outputs - desired
    return 0.5 * (away @ away)


def update_weights(w, nabla, eta, m):
    return w - (eta / m) * nabla


def update_biases(b, nabla, eta, m):
    return b - (eta / m) * nabla


def mean_gradient(gradients):
    total = Vector.zeros(len(gradients[0]))
    for gradient in gradients:
        total = total + Vector(gradient)
    return total / len(gradients)
