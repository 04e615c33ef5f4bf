# mistake: `not p and q` means (not p) and q; it should be not (p and q), and the half adder that is built of it goes wrong with it.
# fails: nand half-adder
nand = lambda p, q: int(not p and q)


def half_adder(p, q):
    # the five gates of the picture in chapter 1
    top = nand(p, q)
    upper = nand(p, top)
    lower = nand(top, q)
    total = nand(upper, lower)
    carry = nand(top, top)
    return total, carry
