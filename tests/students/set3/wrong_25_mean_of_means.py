# mistake: the mean so far and the next gradient are averaged in turn, so that later gradients weigh more; all should be added and the sum divided by their number.
# fails: mini-batch-mean
from functools import reduce


def average(u, v):
    return [(a + b) / 2 for a, b in zip(u, v)]


def mean_gradient(gradients):
    return reduce(average, gradients)
