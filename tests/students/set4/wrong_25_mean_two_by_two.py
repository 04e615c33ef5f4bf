# mistake: the mean of what was and the next gradient is taken again and again, so that later ones count more; it should be the sum of all divided by their number.
# fails: mini-batch-mean
from functools import reduce


def average(g, h):
    return [(a + b) / 2 for a, b in zip(g, h)]


def mean_gradient(gradients):
    return reduce(average, gradients)
