# mistake: The whole weight is added whenever the input is not 0, instead of the weight times the input.
# fails: weighted-sum
"""Exercise 1 - what arrives at a neuron."""


def weighted_sum(weights, inputs):
    arriving = 0
    for position, signal in enumerate(inputs):
        if signal:                      # this wire is on
            arriving += weights[position]
    return arriving


if __name__ == "__main__":
    print(weighted_sum([6, 2, 2], [1, 0, 1]))   # 8
