# mistake: The middle of the mean so far and the next gradient is taken each time, which gives the last gradients more weight; all should be added and the sum divided by m once.
# fails: mini-batch-mean
from functools import reduce


def middle(u, v):
    return [(p + q) / 2 for p, q in zip(u, v)]


def mean_gradient(gradients):
    return reduce(middle, gradients)
