# mistake: The slope in a is multiplied by a(1 - a), which makes it the slope in z, ∂C/∂a is a - y alone.
# fails: cost-slope
def cost(outputs, desired):
    return sum([(a - y) ** 2 for a, y in zip(outputs, desired)]) / 2


def cost_derivative(outputs, desired):
    """chain rule: outer derivative times inner derivative"""
    outer = [a - y for a, y in zip(outputs, desired)]
    inner = [a * (1 - a) for a in outputs]
    return [o * i for o, i in zip(outer, inner)]
