# right: recursion and closures, a circuit of NAND gates as a tree of switches
def nand(p, q):
    return int(not (p and q))


def switch(select, if_0, if_1):
    """if_1 where select is 1, else if_0, of four NAND gates."""
    return nand(nand(select, if_1), nand(nand(select, select), if_0))


def build_circuit(truth_table):
    table = [int(bit) for bit in truth_table]
    if len(table) == 1:
        return lambda: table[0]
    half = len(table) // 2
    zero, one = build_circuit(table[:half]), build_circuit(table[half:])

    def circuit(first, *rest):
        return switch(first, zero(*rest), one(*rest))

    return circuit


_sum_of = build_circuit([0, 1, 1, 0])
_carry_of = build_circuit([0, 0, 0, 1])


def half_adder(p, q):
    return _sum_of(p, q), _carry_of(p, q)
