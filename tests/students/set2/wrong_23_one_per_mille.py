# mistake: Each v_j is moved by a thousandth of itself, but the change is divided by 0.001 and not by how far v_j was moved, which makes it v_j times the slope.
# fails: numerical-gradient
PER_MILLE = 0.001


def numerical_gradient(cost, v):
    here = cost(v)
    grad = []
    for j in range(len(v)):
        moved = v[:]
        moved[j] *= 1 + PER_MILLE
        grad.append((cost(moved) - here) / PER_MILLE)
    return grad
