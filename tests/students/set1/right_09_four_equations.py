# right: plain loops over indices, long names of its own
from math import exp


def squash(number):
    if number < 0:
        power = exp(number)
        return power / (1.0 + power)
    return 1.0 / (1.0 + exp(-number))


def steepness(number):
    height = squash(number)
    return height * (1.0 - height)


def output_error(cost_derivative, weighted_inputs):
    blame = []
    for neuron in range(len(weighted_inputs)):
        blame.append(cost_derivative[neuron] * steepness(weighted_inputs[neuron]))
    return blame


def hidden_error(next_weights, next_error, weighted_inputs):
    blame = []
    for here in range(len(weighted_inputs)):
        arriving = 0.0
        for there in range(len(next_error)):
            arriving += next_weights[there][here] * next_error[there]
        blame.append(arriving * steepness(weighted_inputs[here]))
    return blame


def bias_gradient(error):
    return error


def weight_gradient(activations, error):
    table = []
    for there in range(len(error)):
        row = []
        for here in range(len(activations)):
            row.append(activations[here] * error[there])
        table.append(row)
    return table
