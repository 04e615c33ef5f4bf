# mistake: Only the coordinate with the largest slope is moved, all of them should be.
# fails: descent-step descent-steepest descent-decreases
def steepest(gradient):
    """Index of the direction in which C changes fastest."""
    return max(range(len(gradient)), key=lambda j: abs(gradient[j]))


def update(v, gradient, eta):
    new_v = list(v)
    j = steepest(gradient)
    new_v[j] -= eta * gradient[j]
    return new_v


def descent_step(gradient, eta):
    return [-eta * g for g in gradient]
