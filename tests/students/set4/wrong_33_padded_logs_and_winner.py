# mistake: cross_entropy adds 0.001 inside each logarithm against ln 0, it should leave out terms whose factor is 0; log_likelihood takes the largest output, it should take the output that is desired.
# fails: cross-entropy cross-entropy-edges log-likelihood
from math import log

EPS = 1e-3


def cross_entropy(outputs, desired):
    total = 0.0
    for a, y in zip(outputs, desired):
        total += y * log(a + EPS) + (1 - y) * log(1 - a + EPS)
    return -total


def log_likelihood(outputs, desired):
    # the digit that the network answers is its largest output
    return -log(max(outputs))
