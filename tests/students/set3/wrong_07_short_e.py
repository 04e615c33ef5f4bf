# mistake: e is typed in as 2.71, which is too short; it should be math.e (2.71828...), or math.exp.
# fails: sigmoid-formula sigmoid-neuron
E = 2.71


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + E ** -z)
    small = E ** z
    return small / (1 + small)


def sigmoid_neuron(weights, inputs, bias):
    z = bias
    for i in range(len(weights)):
        z += weights[i] * inputs[i]
    return sigmoid(z)
