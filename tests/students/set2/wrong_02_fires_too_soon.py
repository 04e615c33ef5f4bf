# mistake: The neuron answers 1 as soon as the running sum is above the threshold, though later negative terms may pull it down again; the comparison belongs after the loop.
# fails: perceptron-threshold
def perceptron_threshold(weights, inputs, threshold):
    """Collect evidence until there is enough of it."""
    evidence = 0
    i = 0
    while i < len(weights):
        evidence = evidence + weights[i] * inputs[i]
        if evidence > threshold:
            return 1
        i = i + 1
    return 0
