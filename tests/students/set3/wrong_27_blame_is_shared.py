# mistake: the error of a neuron is split among the neurons before it in proportion to their weights, by dividing through the sum of its weights; BP2 takes the weights as they are.
# fails: bp2
import math


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def shares(row):
    """Which part of the blame each neuron before gets."""
    total = sum(row)
    if total == 0:
        return row
    return [w / total for w in row]


def hidden_error(next_weights, next_error, weighted_inputs):
    blame = [0.0] * len(weighted_inputs)
    for row, error in zip(next_weights, next_error):
        for j, share in enumerate(shares(row)):
            blame[j] += share * error
    return [blame[j] * slope(z) for j, z in enumerate(weighted_inputs)]
