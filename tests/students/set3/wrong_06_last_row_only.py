# mistake: each detector is a lambda that looks up the loop's variable when it is called, so all detectors test the last pattern; the pattern should be bound when the lambda is made.
# fails: nand-universal
from itertools import product


def nand(a, b):
    return 1 - a * b


def inverted(a):
    return nand(a, a)


def both(a, b):
    return inverted(nand(a, b))


def either(a, b):
    return nand(inverted(a), inverted(b))


def matches(pattern, bits):
    result = 1
    for wanted, bit in zip(pattern, bits):
        result = both(result, bit if wanted else inverted(bit))
    return result


def build_circuit(truth_table):
    n = len(truth_table).bit_length() - 1
    detectors = []
    for pattern, answer in zip(product((0, 1), repeat=n), truth_table):
        if answer:
            detectors.append(lambda bits: matches(pattern, bits))

    def circuit(*bits):
        result = 0
        for detector in detectors:
            result = either(result, detector(bits))
        return result

    return circuit
