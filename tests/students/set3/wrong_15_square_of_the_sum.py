# mistake: the differences are added up first and the sum is squared, so that they can cancel; each difference should be squared, and then added.
# fails: cost-formula cost-positive
from functools import reduce


def cost(outputs, desired):
    distance = reduce(lambda so_far, pair: so_far + (pair[1] - pair[0]), zip(outputs, desired), 0)
    return distance ** 2 / 2
