# mistake: ~ turns over all bits of the integer, so the gate answers -1 or -2; it should be 1 - (p & q).
# fails: nand
and_gate = lambda p, q: p & q
or_gate = lambda p, q: p | q
nand = lambda p, q: ~and_gate(p, q)
