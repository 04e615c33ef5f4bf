# mistake: The first input has to choose between the first and the second half of the table, but the table is split into even and odd rows.
# fails: nand-universal
def nand(p, q):
    return int(not (p and q))


def choose(switch, if_zero, if_one):
    # a multiplexer from four NAND gates
    return nand(nand(nand(switch, switch), if_zero), nand(switch, if_one))


def build_circuit(truth_table):
    if len(truth_table) == 1:
        constant = truth_table[0]
        return lambda: constant
    zero_part = build_circuit(truth_table[::2])
    one_part = build_circuit(truth_table[1::2])

    def circuit(first, *others):
        return choose(first, zero_part(*others), one_part(*others))

    return circuit
