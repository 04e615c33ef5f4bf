# mistake: only outputs that should be on get a slope, the others get 0; the slope is a - y for every output, whatever y is.
# fails: cost-slope
def cost(outputs, desired):
    return sum((y - a) ** 2 for a, y in zip(outputs, desired)) / 2


def cost_derivative(outputs, desired):
    slopes = [0.0] * len(outputs)
    for j, (a, y) in enumerate(zip(outputs, desired)):
        if y:  # this is the neuron that should fire
            slopes[j] = a - y
    return slopes
