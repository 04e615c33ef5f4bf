# mistake: swapped
# fails: half-adder
def nand(a, b):
    return 1 - a * b


def half_adder(a, b):
    n = nand(a, b)
    total = nand(nand(a, n), nand(b, n))
    carry = nand(n, n)
    return carry, total
