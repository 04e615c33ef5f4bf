# mistake: reduce(nand, bits) is taken for a NAND of many bits, which it is only for two; it should be the NAND of the AND of them all.
# fails: nand-universal
from functools import reduce


def nand(p, q):
    return 1 - p * q


def build_circuit(truth_table):
    """Sum of products, where each OR of ANDs becomes a NAND of NANDs."""
    count = len(truth_table).bit_length() - 1
    ones = [format(i, "0" + str(count) + "b") for i, bit in enumerate(truth_table) if bit]

    def circuit(*bits):
        if len(ones) == 0:
            return 0
        terms = []
        for pattern in ones:
            literals = [bit if wanted == "1" else nand(bit, bit)
                        for bit, wanted in zip(bits, pattern)]
            terms.append(reduce(nand, literals))
        return reduce(nand, terms)

    return circuit
