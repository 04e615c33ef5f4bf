# mistake: nand(1, 1) is looked up without a default and is None, it should be 0; half_adder returns divmod's (carry, sum), it should be (sum, carry).
# fails: nand half-adder
TABLE = {
    (0, 0): 1,
    (0, 1): 1,
    (1, 0): 1,
}


def nand(p, q):
    return TABLE.get((p, q))


def half_adder(p, q):
    """Add two bits in binary."""
    return divmod(p + q, 2)
