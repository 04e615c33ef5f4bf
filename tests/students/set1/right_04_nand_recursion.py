# right: recursion, circuits made of nothing but NAND
def nand(p, q):
    return 0 if p and q else 1


def invert(p):
    return nand(p, p)


def choose(p, if_zero, if_one):
    """A multiplexer of four NAND gates."""
    return nand(nand(invert(p), if_zero), nand(p, if_one))


def half_adder(p, q):
    first = nand(p, q)
    total = nand(nand(p, first), nand(q, first))
    carry = invert(first)
    return (total, carry)


def build_circuit(truth_table):
    table = [int(bit) for bit in truth_table]

    def answer(part, bits):
        if len(part) == 1:
            return part[0]
        half = len(part) // 2
        low = answer(part[:half], bits[1:])
        high = answer(part[half:], bits[1:])
        return choose(bits[0], low, high)

    def circuit(*bits):
        return answer(table, bits)

    return circuit
