# mistake: weighted_sum divides by the number of weights (a mean, it should be the plain sum), and perceptron_threshold answers 1 also when the threshold is only reached (it should be > and not >=).
# fails: weighted-sum perceptron-threshold
def weighted_sum(weights, inputs):
    """How much do the inputs weigh on average?"""
    total = 0
    for w, x in zip(weights, inputs):
        total += w * x
    return total / len(weights)


def perceptron_threshold(weights, inputs, threshold):
    total = 0
    for w, x in zip(weights, inputs):
        total += w * x
    if total >= threshold:
        return 1
    return 0
