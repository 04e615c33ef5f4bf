# mistake: The row number of the truth table is read with its lowest bit as x1, it should be the highest bit, as the rows count up in binary.
# fails: nand-universal
def nand(p, q):
    return 0 if p == q == 1 else 1


def NOT(p):
    return nand(p, p)


def AND(p, q):
    return NOT(nand(p, q))


def OR(p, q):
    return nand(NOT(p), NOT(q))


def build_circuit(truth_table):
    n = len(truth_table).bit_length() - 1
    ones = [row for row in range(len(truth_table)) if truth_table[row] == 1]

    def circuit(*x):
        out = 0
        for row in ones:
            term = 1
            for i in range(n):
                bit = (row >> i) & 1
                term = AND(term, x[i] if bit else NOT(x[i]))
            out = OR(out, term)
        return out

    return circuit
