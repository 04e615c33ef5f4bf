# mistake: The dictionary of remembered answers is a mutable default that all circuits share, so that a second table gets answers of the first; each circuit should have its own.
# fails: nand-universal
def nand(p, q):
    return int(not (p and q))


def mux(select, zero, one):
    return nand(nand(nand(select, select), zero), nand(select, one))


def build_circuit(truth_table, remembered={}):
    def look_up(table, bits):
        if not bits:
            return table[0]
        middle = len(table) // 2
        return mux(bits[0], look_up(table[:middle], bits[1:]), look_up(table[middle:], bits[1:]))

    def circuit(*bits):
        if bits not in remembered:
            remembered[bits] = look_up(truth_table, bits)
        return remembered[bits]

    return circuit
