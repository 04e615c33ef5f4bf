# right: plain loops with indices, chapter 1's neurons and gates
def weighted_sum(weights, inputs):
    total = 0
    for j in range(len(weights)):
        total += weights[j] * inputs[j]
    return total


def perceptron_threshold(weights, inputs, threshold):
    if weighted_sum(weights, inputs) > threshold:
        return 1
    else:
        return 0


def perceptron(weights, inputs, bias):
    if weighted_sum(weights, inputs) + bias > 0:
        return 1
    else:
        return 0


def nand(p, q):
    return perceptron([-2, -2], [p, q], 3)


def half_adder(p, q):
    a = nand(p, q)
    return [nand(nand(p, a), nand(q, a)), nand(a, a)]
