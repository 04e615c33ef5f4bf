# right: everything from NAND gates, circuits by recursion on the table
def nand(p, q):
    match (p, q):
        case (1, 1):
            return 0
        case _:
            return 1


def inverter(p):
    return nand(p, p)


def half_adder(p, q):
    n = nand(p, q)
    total = nand(nand(p, n), nand(q, n))
    carry = inverter(n)
    return (total, carry)


def build_circuit(truth_table):
    table = list(truth_table)

    def circuit(*bits):
        def ask(rows, remaining):
            if not remaining:
                return rows[0]
            middle = len(rows) // 2
            bit, *others = remaining
            when_0 = ask(rows[:middle], others)
            when_1 = ask(rows[middle:], others)
            return nand(nand(inverter(bit), when_0), nand(bit, when_1))

        return ask(table, bits)

    return circuit
