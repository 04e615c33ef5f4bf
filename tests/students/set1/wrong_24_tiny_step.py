# mistake: numerical_derivative moves v by 1e-18, which rounding swallows, so that the slope is 0 (it should be about 1e-5), and numerical_gradient divides by 2 and multiplies by h (it should divide by (2 * h)).
# fails: numerical-slope numerical-gradient
TINY = 1e-18  # the smaller the better


def numerical_derivative(cost, v):
    return (cost(v + TINY) - cost(v)) / TINY


def numerical_gradient(cost, v):
    h = 1e-4
    gradient = []
    for j, vj in enumerate(v):
        up = list(v)
        down = list(v)
        up[j] = vj + h
        down[j] = vj - h
        gradient.append((cost(up) - cost(down)) / 2 * h)
    return gradient
