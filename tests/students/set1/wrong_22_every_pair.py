# mistake: hadamard has two nested loops and multiplies every s with every t (it should take them in step), and cost_derivative drops the sign by abs (it should be a - y).
# fails: hadamard cost-slope
def hadamard(s, t):
    return [s_j * t_j for s_j in s for t_j in t]


def cost_derivative(outputs, desired):
    slopes = []
    for i in range(len(outputs)):
        slopes.append(abs(outputs[i] - desired[i]))
    return slopes


def cost_change(gradient, delta_v):
    return sum(g * d for g, d in zip(gradient, delta_v))
