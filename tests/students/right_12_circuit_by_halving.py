def nand(a, b):
    return 1 - a * b


def choose(bit, if_one, if_zero):
    return nand(nand(bit, if_one), nand(nand(bit, bit), if_zero))


def build_circuit(table):
    if len(table) == 1:
        return lambda bits: table[0]
    half = len(table) // 2
    low, high = build_circuit(table[:half]), build_circuit(table[half:])
    return lambda bits: choose(bits[0], high(bits[1:]), low(bits[1:]))
