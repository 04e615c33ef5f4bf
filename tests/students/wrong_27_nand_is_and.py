# mistake: and
# fails: nand
def nand(p, q):
    if p == 1 and q == 1:
        return 1
    return 0
