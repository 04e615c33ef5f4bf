# mistake: two
# fails: cost-slope
def cost_derivative(outputs, desired):
    return [2 * (a - y) for a, y in zip(outputs, desired)]
