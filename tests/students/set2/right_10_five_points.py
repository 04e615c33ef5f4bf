# right: slopes by a five-point formula, the gradient from one-dimensional cuts through C
H = 1e-3


def numerical_derivative(cost, v):
    far = cost(v - 2 * H) - cost(v + 2 * H)
    near = cost(v + H) - cost(v - H)
    return (far + 8 * near) / (12 * H)


def cut(cost, v, j):
    """C as a function of v_j alone."""
    def along(t):
        return cost([t if i == j else v[i] for i in range(len(v))])
    return along


def numerical_gradient(cost, v):
    return [numerical_derivative(cut(cost, v, j), v[j]) for j in range(len(v))]


def cost_change(gradient, delta_v):
    return sum(slope * step for slope, step in zip(gradient, delta_v))


def descent_step(gradient, eta):
    return [-eta * slope for slope in gradient]


def update(v, gradient, eta):
    return [old + step for old, step in zip(v, descent_step(gradient, eta))]
