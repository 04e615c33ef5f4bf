# right: plain loops, gates built from perceptrons, circuits by recursion on the first bit
"""Chapter 1: perceptrons, and what can be built out of NAND."""


def weighted_sum(weights, inputs):
    total = 0
    for j in range(len(weights)):
        total = total + weights[j] * inputs[j]
    return total


def perceptron_threshold(weights, inputs, threshold):
    if weighted_sum(weights, inputs) > threshold:
        return 1
    else:
        return 0


def perceptron(weights, inputs, bias):
    # the bias is minus the threshold, but written on the left-hand side
    z = weighted_sum(weights, inputs) + bias
    return 1 if z > 0 else 0


def nand(p, q):
    return perceptron([-2, -2], [p, q], 3)


def half_adder(p, q):
    middle = nand(p, q)
    upper = nand(p, middle)
    lower = nand(q, middle)
    bit_sum = nand(upper, lower)
    carry = nand(middle, middle)
    return bit_sum, carry


def choose(bit, if_zero, if_one):
    """if_one where bit is 1, if_zero where it is 0, from four NAND gates."""
    return nand(nand(nand(bit, bit), if_zero), nand(bit, if_one))


def build_circuit(truth_table):
    table = list(truth_table)
    if len(table) == 1:
        answer = int(table[0])

        def constant():
            return answer

        return constant

    half = len(table) // 2
    zero_circuit = build_circuit(table[:half])
    one_circuit = build_circuit(table[half:])

    def circuit(first, *others):
        return choose(first, zero_circuit(*others), one_circuit(*others))

    return circuit
