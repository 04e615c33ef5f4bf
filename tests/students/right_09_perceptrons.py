def perceptron(weights, inputs, bias):
    z = bias
    for i, w in enumerate(weights):
        z += w * inputs[i]
    if z > 0:
        return 1
    return 0


def perceptron_threshold(weights, inputs, threshold):
    return perceptron(weights, inputs, -threshold)


def nand(p, q):
    return perceptron([-2, -2], [p, q], 3)


def half_adder(p, q):
    a = nand(p, q)
    b = nand(p, a)
    c = nand(q, a)
    return nand(b, c), nand(a, a)
