# mistake: at-least
# fails: perceptron-rule perceptron-threshold
def perceptron(weights, inputs, bias):
    total = 0
    for w, x in zip(weights, inputs):
        total = total + w * x
    if total + bias >= 0:
        return 1
    else:
        return 0


def perceptron_threshold(weights, inputs, threshold):
    return int(sum(w * x for w, x in zip(weights, inputs)) >= threshold)
