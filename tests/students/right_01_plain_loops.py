import math


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    t = math.exp(z)
    return t / (1 + t)


def sigmoid_prime(z):
    s = sigmoid(z)
    return s * (1 - s)


def output_error(cost_derivative, weighted_inputs):
    error = []
    for j in range(len(weighted_inputs)):
        error.append(cost_derivative[j] * sigmoid_prime(weighted_inputs[j]))
    return error


def hidden_error(next_weights, next_error, weighted_inputs):
    error = []
    for j in range(len(weighted_inputs)):
        total = 0
        for k in range(len(next_error)):
            total += next_weights[k][j] * next_error[k]
        error.append(total * sigmoid_prime(weighted_inputs[j]))
    return error


def bias_gradient(error):
    return error


def weight_gradient(activations, error):
    gradient = []
    for j in range(len(error)):
        row = []
        for k in range(len(activations)):
            row.append(activations[k] * error[j])
        gradient.append(row)
    return gradient
