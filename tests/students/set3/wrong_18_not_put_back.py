# mistake: a coordinate that was moved is not put back before the next one is moved, so slopes add up; only one coordinate may be moved at a time.
# fails: numerical-gradient
STEP = 1e-5


def numerical_derivative(cost, v):
    return (cost(v + STEP) - cost(v - STEP)) / (2 * STEP)


def numerical_gradient(cost, v):
    here = cost(v)
    moved = list(v)
    gradient = []
    for i in range(len(v)):
        moved[i] += STEP
        gradient.append((cost(moved) - here) / STEP)
    return gradient
