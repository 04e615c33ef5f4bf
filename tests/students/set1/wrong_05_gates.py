# mistake: nand takes the larger of the bits (that is NOR, it should be 1 - min(p, q)), and the half adder's sum is p + q, which is 2 for 1 and 1 (it should be (p + q) % 2).
# fails: nand half-adder
def nand(p, q):
    return 1 - max(p, q)


def half_adder(p, q):
    sum_bit = p + q
    carry_bit = 1 if p == 1 and q == 1 else 0
    return sum_bit, carry_bit


if __name__ == "__main__":
    print([nand(p, q) for p in (0, 1) for q in (0, 1)])
