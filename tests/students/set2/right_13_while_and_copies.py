# right: while loops, and copies that are changed in place
import math


def sigmoid_prime(z):
    e = math.exp(-abs(z))
    return e / (1 + e) / (1 + e)


def hadamard(s, t):
    product = list(s)
    i = len(product)
    while i > 0:
        i -= 1
        product[i] *= t[i]
    return product


def output_error(cost_derivative, weighted_inputs):
    delta = list(weighted_inputs)
    j = 0
    while j < len(delta):
        delta[j] = cost_derivative[j] * sigmoid_prime(delta[j])
        j += 1
    return delta


def hidden_error(next_weights, next_error, weighted_inputs):
    delta = [0.0] * len(weighted_inputs)
    k = 0
    while k < len(next_error):
        j = 0
        while j < len(delta):
            delta[j] += next_weights[k][j] * next_error[k]
            j += 1
        k += 1
    return hadamard(delta, [sigmoid_prime(z) for z in weighted_inputs])


def bias_gradient(error):
    return error


def weight_gradient(activations, error):
    nabla_w = []
    while len(nabla_w) < len(error):
        d = error[len(nabla_w)]
        nabla_w.append([d * a for a in activations])
    return nabla_w


def update(v, gradient, eta):
    new_v = list(v)
    j = 0
    while j < len(v):
        new_v[j] -= eta * gradient[j]
        j += 1
    return new_v
