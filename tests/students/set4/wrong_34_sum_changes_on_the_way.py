# mistake: the list is divided in place by sum(e), which is computed again after each entry has changed; the sum should be computed once before.
# fails: softmax softmax-adds-up
from math import exp


def softmax(weighted_inputs):
    top = max(weighted_inputs)
    e = [exp(z - top) for z in weighted_inputs]
    for j in range(len(e)):
        e[j] = e[j] / sum(e)
    return e
