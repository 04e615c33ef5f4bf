# mistake: The carry is computed from p after p was overwritten with the sum; it should use the original p.
# fails: half-adder
def nand(p, q):
    if p == 1 and q == 1:
        return 0
    return 1


def half_adder(p, q):
    p = (p + q) % 2      # sum bit
    q = p * q            # carry bit
    return p, q
