# mistake: it answers 1 as soon as a partial sum is above the threshold; it should add up all the terms before it compares.
# fails: perceptron-threshold


def perceptron_threshold(weights, inputs, threshold):
    """1 if the evidence is stronger than the threshold, otherwise 0."""
    evidence = 0
    for w, x in zip(weights, inputs):
        evidence = evidence + w * x
        if evidence > threshold:
            return 1
    return 0
