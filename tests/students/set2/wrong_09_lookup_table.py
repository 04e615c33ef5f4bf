# mistake: z is rounded to one decimal place before sigma is looked up, so the answer is a staircase; sigma should be taken of z itself.
# fails: sigmoid-formula sigmoid-rises
from math import exp

_table = {}


def _logistic(z):
    if z < 0:
        e = exp(z)
        return e / (1 + e)
    return 1 / (1 + exp(-z))


def sigmoid(z):
    """exp is slow, so remember what was computed before."""
    key = round(z, 1)
    if key not in _table:
        _table[key] = _logistic(key)
    return _table[key]
