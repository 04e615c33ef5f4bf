# mistake: σ is applied a second time to the activation in σ'; it should be a(1 - a) with a = σ(z).
# fails: sigmoid-slope bp1 bp2
import math


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def sigmoid_prime(z):
    a = sigmoid(z)
    return sigmoid(a) * (1 - sigmoid(a))


def output_error(cost_derivative, weighted_inputs):
    return [c * sigmoid_prime(z) for c, z in zip(cost_derivative, weighted_inputs)]


def hidden_error(next_weights, next_error, weighted_inputs):
    columns = zip(*next_weights)
    return [sum(w * d for w, d in zip(column, next_error)) * sigmoid_prime(z)
            for column, z in zip(columns, weighted_inputs)]
