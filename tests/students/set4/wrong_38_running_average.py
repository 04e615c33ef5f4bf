# mistake: the gradient is weighted with 1 - μ as in a running average; it should be subtracted in full, -η/m times the sum.
# fails: momentum


def new_velocity(velocity, nabla_sum, eta, m, mu):
    gradient = [g / m for g in nabla_sum]
    return [mu * v - (1 - mu) * eta * g for v, g in zip(velocity, gradient)]
