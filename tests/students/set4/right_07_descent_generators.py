# right: generators, slices instead of copies, both-sided differences
EPS = 1e-4


def numerical_derivative(cost, v):
    return (cost(v + EPS) - cost(v - EPS)) / (2 * EPS)


def directions(cost, v):
    """For each place the cost as a function of the number there alone."""
    for place in range(len(v)):
        before, after = list(v[:place]), list(v[place + 1:])
        yield lambda number, b=before, a=after: cost(b + [number] + a)


def numerical_gradient(cost, v):
    return [numerical_derivative(one_way, number)
            for one_way, number in zip(directions(cost, v), v)]


def descent_step(gradient, eta):
    return [-eta * slope for slope in gradient]


def update(v, gradient, eta):
    def moved():
        for place, step in zip(v, descent_step(gradient, eta)):
            yield place + step
    return list(moved())
