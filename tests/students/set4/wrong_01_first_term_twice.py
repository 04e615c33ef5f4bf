# mistake: the sum starts with the first product and the loop adds that product again; it should start at 0 (or loop from 1).
# fails: weighted-sum
"""Exercise 1: the weighted sum of a neuron."""


def weighted_sum(weights, inputs):
    total = weights[0] * inputs[0]
    for j in range(len(weights)):
        total += weights[j] * inputs[j]
    return total
