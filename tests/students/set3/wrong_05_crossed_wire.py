# mistake: the last gate of the sum reads the first gate again instead of the gate of q, a crossed wire: it should be nand(left, right).
# fails: half-adder
def nand(p, q):
    if p == 1 and q == 1:
        return 0
    return 1


def half_adder(p, q):
    first = nand(p, q)
    left = nand(p, first)
    right = nand(q, first)
    bit_sum = nand(left, first)
    carry = nand(first, first)
    return (bit_sum, carry)
