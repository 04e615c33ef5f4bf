# mistake: cost_change multiplies every slope with every step by two nested loops (it should be slope j times step j), and the list of hadamard is a default value that is shared by all calls, so results pile up.
# fails: cost-change hadamard
def cost_change(gradient, delta_v):
    change = 0
    for slope in gradient:
        for step in delta_v:
            change += slope * step
    return change


def hadamard(s, t, result=[]):
    for a, b in zip(s, t):
        result.append(a * b)
    return result
