# mistake: the differences are added up first and the sum is squared; each difference should be squared before they are added.
# fails: cost-formula cost-positive


def cost(outputs, desired):
    """Quadratic cost for a single training example."""
    return 0.5 * sum(y - a for a, y in zip(outputs, desired)) ** 2
