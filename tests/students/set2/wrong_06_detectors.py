# mistake: The lambdas made in the loop all look up the last value of "wanted" when they are called; each should keep its own row (wanted=wanted).
# fails: nand-universal
from functools import reduce


def nand(p, q):
    return 1 - p * q


def NOT(p):
    return nand(p, p)


def AND(p, q):
    return NOT(nand(p, q))


def OR(p, q):
    return nand(NOT(p), NOT(q))


def build_circuit(truth_table):
    """OR together one detector for each row of the table that should answer 1."""
    wires = len(truth_table).bit_length() - 1
    detectors = []
    for row, answer in enumerate(truth_table):
        if answer:
            wanted = [(row >> (wires - 1 - i)) & 1 for i in range(wires)]
            detectors.append(
                lambda bits: reduce(AND, (b if w else NOT(b) for b, w in zip(bits, wanted)), 1)
            )

    def circuit(*bits):
        return reduce(OR, (detect(bits) for detect in detectors), 0)

    return circuit
