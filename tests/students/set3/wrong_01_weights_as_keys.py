# mistake: the weights are keys of a dictionary, so of several inputs with equal weights only the last one counts; pairs should be kept as a list.
# fails: weighted-sum
def weighted_sum(weights, inputs):
    """w . x of one neuron."""
    connections = dict(zip(weights, inputs))
    result = 0
    for weight, value in connections.items():
        result += weight * value
    return result
