# mistake: perceptron hands the bias over as threshold, it should be -bias, as b = -threshold.
# fails: perceptron-rule
class Perceptron:
    """Fires above its threshold."""

    def __init__(self, weights, threshold):
        self.weights = weights
        self.threshold = threshold

    def __call__(self, inputs):
        s = 0.0
        for j in range(len(inputs)):
            s += self.weights[j] * inputs[j]
        return int(s > self.threshold)


def perceptron_threshold(weights, inputs, threshold):
    return Perceptron(weights, threshold)(inputs)


def perceptron(weights, inputs, bias):
    return Perceptron(weights, bias)(inputs)
