# mistake: The moved number is not put back before the next is moved, so that slopes add up; each v_j should be moved alone.
# fails: numerical-gradient
def numerical_gradient(cost, v):
    h = 0.0001
    moved = [float(value) for value in v]
    start = cost(moved)
    gradient = []
    for j in range(len(moved)):
        moved[j] = moved[j] + h
        gradient.append((cost(moved) - start) / h)
    return gradient


def numerical_derivative(cost, v):
    h = 0.0001
    return (cost(v + h) - cost(v - h)) / (2 * h)
