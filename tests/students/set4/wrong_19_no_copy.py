# mistake: `moved = v` is no copy, so both costs are those of the moved vector and every slope is 0; moved should be a copy of v.
# fails: numerical-gradient


def numerical_gradient(cost, v, h=1e-6):
    slopes = []
    for j in range(len(v)):
        moved = v
        moved[j] = moved[j] + h
        slopes.append((cost(moved) - cost(v)) / h)
    return slopes
